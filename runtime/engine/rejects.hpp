#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"
#include "graph/plan.hpp"

namespace luamig::engine {

/// One row that a backfill has left out, as luamig_rejects keeps it.
struct rejected_row {
  std::int64_t id = 0;  ///< given by the database
  std::string revision;
  std::string direction;
  std::string step;     ///< its label: "backfill users"
  std::string table;    ///< where the row is
  std::string key;      ///< of the row: a JSON object
  std::string changes;  ///< what the function gave for it: a JSON object; "" where it gave nothing
  std::string error;
  std::string at;                ///< UTC, "2026-03-01T10:20:30.123Z"
  std::string step_key;          ///< progress_entry::key of its step
  std::int64_t step_number = 0;  ///< among the steps of its label, from 1; 0: not known
  std::int64_t attempts = 1;
};

/// The book luamig_rejects: rows that were left out, until somebody has seen to them, or until
/// their revision is begun anew, taken back or aborted. They stay when it is done.
class rejects {
 public:
  /// `where` with its schema resolved (version_store::where).
  rejects(db::connection& on, const books& where);

  /// In the order in which they were rejected. Reading creates nothing.
  [[nodiscard]] std::vector<rejected_row> all();
  [[nodiscard]] std::optional<rejected_row> one(std::int64_t id);

  // Inside the caller's transaction.

  /// The row has been rejected once more.
  void reject_again(std::int64_t id, const rejected_row& row);
  /// Makes the book where it is missing.
  void add(std::string_view revision, graph::direction way, const rejected_row& row);
  /// Returns how many there were: this one, those of a revision, or all.
  std::int64_t drop(std::int64_t id);
  std::int64_t drop_of(std::string_view revision);
  std::int64_t drop_all();

 private:
  [[nodiscard]] bool exists();
  [[nodiscard]] bool is_old();
  void create();
  void make();
  [[nodiscard]] std::vector<rejected_row> read(std::string_view condition, std::vector<value> of);
  std::int64_t drop_where(std::string_view condition, std::vector<value> of);
  [[nodiscard]] const std::string& table() const noexcept { return names_.rejects_table(); }

  db::connection& on_;
  books where_;
  book_sql names_;
};

}  // namespace luamig::engine
