#pragma once

#include <cstddef>
#include <cstdint>
#include <lua.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/context.hpp"
#include "bindings/lazy_row.hpp"
#include "codec/csv.hpp"

namespace luamig::bindings {

/// A CSV file of the migrations directory while it is read.
struct csv_file {
  std::unique_ptr<codec::csv_reader> reader;  ///< null: at its end, or closed
  std::size_t columns = 0;
  std::string name;  ///< as its errors call it
  std::vector<std::string>
      nulls;  ///< fields that stand for NULL; none: an empty one without quotes

  std::size_t longest_null = 0;  ///< of them, in bytes

  row_window* window = nullptr;  ///< what its lines look into, in the file's environment; or none
  db::row_block block;           ///< the line under way, of views into the reader

  // The lines that are left out.
  std::optional<std::int64_t> most_rejects;  ///< of which there may be so many; nothing: only those
                                             ///< that the function leaves out, and any number
  std::int64_t rejects = 0;

  /// The next line; false at the end. An empty one is a record only where there is one column.
  /// Throws error{errc::migration} about the file and its line.
  bool advance();
  /// The same, and the line is the row of `block` and of the window.
  bool advance_row();
  /// Whether the field of the line under way, from 0, stands for NULL.
  [[nodiscard]] bool is_null(std::size_t at) const;
  /// Counts a line that is left out, and says so. Throws where there are too many.
  void reject(context& ctx, std::int64_t line, const std::string& why, bool by_function);
};

/// Opens the file; `word` is who asks. Throws error{errc::migration} for a path that names no file
/// beneath the migrations directory.
void open_csv_file(const context& ctx, std::string_view word, std::string_view path, char delimiter,
                   csv_file& into);
/// The parts of a path beneath the migrations directory. Nothing: it leads elsewhere.
[[nodiscard]] std::optional<std::vector<std::string>> parts_beneath(std::string_view path);
/// Reads the header, unless a list of names lies at `index`, and pushes the names. // names
void push_csv_names(lua_State* L, int index, csv_file& csv);

/// core.csv_open(path, delimiter, columns?, nulls, most_rejects?, word) -> file:
/// file:next() the next line as a lazy row of texts, nil for NULL, or nothing at the end;
/// file:current() the line under way, the same;
/// file:names() their names; file:line() its number; file:reject(why) counts a line that is
/// left out; file:rejects() how many were; file:copy(writer, positions) writes all lines, and gives
/// how many; file:close()
int core_csv_open(lua_State* L);
/// Makes their metatable. // -
void open_csv_files(lua_State* L);
/// The file at `index`. Throws error{errc::migration} for anything else.
[[nodiscard]] csv_file& csv_file_at(lua_State* L, int index);

}  // namespace luamig::bindings
