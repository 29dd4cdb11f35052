#pragma once

#include <lua.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bindings/context.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {

/// What opts.types asks of a column beyond what the engine knows.
enum class conversion : unsigned char { none, boolean, text, exact };

/// An open result as Lua holds it: a userdata. Its environment table holds the metatable of its
/// rows. All of a run are closed at its end, because the session they belong to ends then.
struct open_cursor {
  std::unique_ptr<engine::row_source> rows;
  std::vector<conversion> conversions;  ///< one a column
  std::vector<value> items;             ///< the array being pushed
  std::int64_t count = 0;               ///< rows given by `values`
  bool is_on_row = false;               ///< one is under way
  std::string database;                 ///< the second database that they are of, "" for none
  open_cursor** previous = nullptr;     ///< what points here, in context.cursors
  open_cursor* next = nullptr;

  open_cursor() = default;
  ~open_cursor() { close(); }
  open_cursor(const open_cursor&) = delete;
  open_cursor& operator=(const open_cursor&) = delete;
  void close() noexcept;
};

/// Makes the cursors' metatable and the cache of the rows' metatables. // -
void open_rows(lua_State* L);
/// Pushes a closed cursor; the caller fills `rows` and then calls `prepare_cursor`. // cursor
open_cursor& push_cursor(lua_State* L);
/// Gives the cursor on top the metatable of its rows (kept by the names of the columns).
void prepare_cursor(lua_State* L, open_cursor& cursor);
/// The cursor at `index`. Throws error{errc::migration} for any other value.
[[nodiscard]] open_cursor& cursor_at(lua_State* L, int index);
/// Closes every result of the run.
void close_cursors(context& ctx) noexcept;

/// ` (users, id = 7)` while a function looks at a row, else "". Raises nothing.
[[nodiscard]] std::string row_named(const context& ctx);

/// The list of column names on top becomes the metatable of rows that have them. // metatable
void make_row_metatable(lua_State* L);

/// Whether the table at `index` is a row; its values lie at 1, 2, … in query order. Raises nothing.
[[nodiscard]] bool is_row(lua_State* L, int index);
/// Pushes the list of a row's column names; raises nothing. // names
void push_row_columns(lua_State* L, int index);

/// core.is_row(value) -> boolean
int core_is_row(lua_State* L);
/// core.install_rows(make): (names) -> the metatable of their rows
int core_install_rows(lua_State* L);

}  // namespace luamig::bindings
