#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "engine/row_source.hpp"
#include "engine/sink.hpp"
#include "engine/spool.hpp"

namespace luamig::engine {

class session;

/// The rows of one query, read block by block. When a statement arrives that an open result would
/// stand in the way of (DDL, or on SQLite a write to a table that is read), the session drains it:
/// the rest is read aside and the result closed, and the loop does not notice. Must not outlive its
/// session.
class rows final : public row_source {
 public:
  /// `cursor` is open on `on`; `origin` is the query, for messages; `tables` what it reads; `depth`
  /// how many savepoints are open.
  rows(session& owner, db::connection& on, statement origin, db::cursor cursor,
       std::vector<std::string> tables, std::size_t depth);
  /// The rows of a query that a durable revision has kept: what `take_record` gave.
  rows(session& owner, db::connection& on, std::string_view record);
  ~rows() override;

  void close() noexcept override;

  /// Reads the rest aside and closes the result in the database.
  void drain();
  /// All rows, and the columns, as a record of at most this many bytes; "" when it would be longer.
  [[nodiscard]] std::string take_record(std::size_t limit);
  /// Whether a write to one of these tables would be seen by the open result.
  [[nodiscard]] bool reads_any(const std::vector<std::string>& tables) const;
  /// A savepoint of this depth was kept: what was opened inside belongs to what is around it.
  void savepoint_kept(std::size_t depth) noexcept;
  /// A savepoint of this depth is about to be undone: what was opened inside goes with it.
  void savepoint_undone(std::size_t depth);

 private:
  bool refill() override;

  session& owner_;
  db::connection& on_;
  statement origin_;
  db::cursor cursor_;  // 0: closed
  std::vector<std::string> tables_;
  std::size_t depth_;  // how many savepoints it lies in
  std::unique_ptr<spool> aside_;
};

}  // namespace luamig::engine
