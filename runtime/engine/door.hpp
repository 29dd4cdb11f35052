#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "db/connection.hpp"
#include "db/parameters.hpp"
#include "engine/book_sql.hpp"
#include "engine/row_intake.hpp"
#include "engine/row_source.hpp"
#include "engine/sink.hpp"
#include "engine/step_keeper.hpp"

namespace luamig::engine {

class observer;
class script_clock;

/// What a script reaches of the database, and all of it: the session of this process (session.hpp),
/// which says what each function does, or that of another process which is asked for it.
class door {
 public:
  virtual ~door() = default;

  [[nodiscard]] virtual db::engine kind() const noexcept = 0;
  [[nodiscard]] virtual bool offline() const noexcept = 0;
  /// Whether execute_with runs anything here.
  [[nodiscard]] virtual bool runs_programs() const noexcept = 0;

  /// What the caller does with the answer to a statement. An unread one is not waited for where
  /// that can be: on PostgreSQL, for a change of rows. It is then 0, and an error of the statement,
  /// which names its own line, comes out of a later call, at the latest `settle_unread`.
  enum class answer { read, unread };

  virtual std::int64_t execute(const statement& s, answer wanted = answer::read) = 0;
  virtual void settle_unread(std::size_t depth = 0) = 0;
  [[nodiscard]] virtual bool has_unread(std::size_t depth = 0) const noexcept = 0;
  virtual void execute_each(const statement& s, const db::row_block& rows,
                            const db::tally& affected) = 0;
  [[nodiscard]] virtual std::int64_t settle(const db::tally& affected) = 0;
  [[nodiscard]] virtual std::optional<std::int64_t> execute_with(const statement& s,
                                                                 db::row_program& program) = 0;
  [[nodiscard]] virtual bool asked_within() const noexcept = 0;
  virtual std::int64_t execute_text(std::string_view text, const db::parameters& given,
                                    std::string_view file, int line,
                                    answer wanted = answer::read) = 0;
  [[nodiscard]] virtual std::unique_ptr<row_intake> write_rows(db::row_target into,
                                                               std::string file, int line,
                                                               row_intake::refusal on_refusal) = 0;
  [[nodiscard]] virtual std::unique_ptr<row_source> query(statement s, bool streaming) = 0;
  virtual void check_query(std::string_view text, const db::parameters& given,
                           std::string_view file, int line) = 0;
  [[nodiscard]] virtual std::unique_ptr<row_source> look(statement s) = 0;
  [[nodiscard]] virtual bool knows_schema() = 0;

  [[nodiscard]] virtual bool takes_steps() noexcept = 0;
  [[nodiscard]] virtual std::optional<std::string> begin_step(const step_key& key) = 0;
  [[nodiscard]] virtual bool begun_before() = 0;
  [[nodiscard]] virtual std::optional<std::string> part_of_step() = 0;
  virtual void keep_part(std::string_view record, std::string_view reverse) = 0;
  virtual void keep_ranges(std::string_view record, std::string_view reverse,
                           const std::vector<std::string>& ranges) = 0;
  [[nodiscard]] virtual std::optional<std::string> range_of_step(std::size_t number) = 0;
  virtual void keep_range(std::size_t number, std::string_view record) = 0;
  [[nodiscard]] virtual std::string why_not_apart() = 0;
  virtual void stand_apart(observer& watching) = 0;
  virtual void undo_part() = 0;
  [[nodiscard]] virtual std::string control() = 0;
  virtual void reject(const rejected_row& row) = 0;
  virtual void finish_step(std::string_view record, std::string_view reverse) = 0;
  virtual void undo_step() = 0;
  [[nodiscard]] virtual bool touched() = 0;

  [[nodiscard]] virtual bool names_operations() const noexcept = 0;
  virtual void begin_operation(const called_operation& called) = 0;

  [[nodiscard]] virtual std::string undo_table(const books& where, bool make) = 0;
  virtual void rewrite_table(const db::stored_text& as, std::string_view comment,
                             std::string_view file, int line) = 0;
  virtual void begin_rebuild() = 0;
  virtual void end_rebuild() = 0;
  [[nodiscard]] virtual std::string problem(std::string_view sql) = 0;

  /// The second database of this name (second_database.hpp), which is opened when it is first asked
  /// for. Its queries are steps of this one. Throws what says where it is, and as its constructor.
  [[nodiscard]] virtual door& beside(std::string_view name) = 0;

  [[nodiscard]] virtual std::size_t enter() = 0;
  virtual void leave(std::size_t depth, bool keep) = 0;
  virtual void require_whole() = 0;
  virtual void keep_file(file::output written) = 0;
  [[nodiscard]] virtual script_clock* clock() const noexcept = 0;
};

}  // namespace luamig::engine
