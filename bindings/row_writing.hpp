#pragma once

#include <cstdint>
#include <lua.hpp>
#include <memory>
#include <vector>

#include "bindings/csv_file.hpp"
#include "bindings/hosted_function.hpp"
#include "engine/row_writer.hpp"

namespace luamig::bindings {

/// A writer. Its environment holds the names of the columns, and the file.
struct row_writing {
  std::unique_ptr<engine::row_intake> rows;
  std::vector<bool> plain;        ///< of each column: NULL where a row leaves it out
  std::vector<bool> takes_bytes;  ///< of each
  std::vector<bool> is_bytes;     ///< of each: a text of the script's is bytes
  csv_file* lines = nullptr;
  bool postgres = false;
  hosted_function hosted;

  /// The number of the line that the row is made of; 0: it is of no file.
  [[nodiscard]] std::int64_t line() const {
    return lines == nullptr || !lines->reader ? 0
                                              : static_cast<std::int64_t>(lines->reader->line());
  }
};

/// A row on its way: one that ends early must not be the beginning of the next one.
class whole_row {
 public:
  explicit whole_row(engine::row_intake& of) : of_(of) {}
  ~whole_row() {
    if (!done_) of_.forget_row();
  }
  whole_row(const whole_row&) = delete;
  whole_row& operator=(const whole_row&) = delete;
  void end(std::int64_t number) {
    done_ = true;
    of_.end_row(number);
  }

 private:
  engine::row_intake& of_;
  bool done_ = false;
};

/// core.write_rows(target, file?) -> writer. target: table (as SQL), name, columns, list (they as
/// SQL), plain (a boolean for each: one that a row leaves out is NULL) and rules (db::column_rule;
/// of each what its texts have to be: "integer", "number", "boolean", "date", "time", "timestamp",
/// "key", an integer that is not NULL, "bytea", bytes as PostgreSQL writes them, "bytes", where a
/// text of a script's is bytes, "byte_items", where those in an array are, or "", any), forms
/// (db::binary_form; of each by its name, or none) and names_refused (db::row_target). With a file,
/// whose lines the rows are, a row that does not fit is a rejected line. writer:put(row) ->
/// boolean: a table by names; false where it has other columns, and nothing is written;
/// writer:put_list(values, number) their values in order; writer:put_lines(fn) -> lines, more: the
/// lines of the file from the next one on that the host can put without calling `fn`, and whether
/// it has come to one that it cannot: file:current(); writer:settle() writes what is in hand;
/// writer:finish() -> how many rows are in the table
int core_write_rows(lua_State* L);
/// Makes their metatable. // -
void open_row_writers(lua_State* L);
/// The writer at `index`, and where its rows go. Throws error{errc::migration} for anything else.
[[nodiscard]] row_writing& row_writing_at(lua_State* L, int index);
[[nodiscard]] engine::row_intake& row_writer_at(lua_State* L, int index);

/// writer:put_lines(fn) -> how many lines are done, and whether the file is at one that only `fn`
/// can do. Throws error{errc::migration} about the file and its line, and what the database says of
/// a row. Raises where the writer has no file.
int put_lines(lua_State* L);

}  // namespace luamig::bindings
