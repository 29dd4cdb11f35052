#pragma once

#include <cstddef>
#include <cstdint>
#include <lua.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/value.hpp"
#include "db/rows.hpp"

namespace luamig::bindings {

/// What lazy rows look into: the row that is under way. A lazy row is a userdata that becomes a Lua
/// value column by column, when it is asked for one; it is over when the next one comes, and says
/// so. For everything else that a row can do it becomes a row of a query first.
struct row_window {
  std::vector<db::column> columns;
  std::vector<const char*> keys;         ///< their names as Lua keeps them; null: two have this one
  const db::row_block* block = nullptr;  ///< null: no row is under way
  std::size_t row = 0;                   ///< of the block
  std::uint64_t serial = 0;              ///< of the row
  std::vector<value> items;              ///< the array being pushed
};

/// Makes a window for rows with these columns. // window
row_window& push_window(lua_State* L, std::span<const db::column> columns);
/// Pushes the metatable of its lazy rows. // metatable
void push_lazy_metatable(lua_State* L, int window);
/// Pushes the row under way, given the index of that metatable. // row
void push_lazy_row(lua_State* L, row_window& window, int metatable);

/// Whether the value is a lazy row, over or not. Raises nothing.
[[nodiscard]] bool is_lazy_row(lua_State* L, int index);
/// The window of the lazy row at `index`, with its row under way; null for any other value. Throws
/// error{errc::migration} when the row is over.
[[nodiscard]] row_window* lazy_window(lua_State* L, int index);
/// The place of the column that the text at `index` names; below 0: none, or two.
[[nodiscard]] int column_at(lua_State* L, int index, const row_window& window);
/// Pushes a cell of the row under way. // value
void push_window_cell(lua_State* L, row_window& window, std::size_t column);
/// A lazy row at `index` becomes a row of a query in its place; any other value stays.
void make_whole(lua_State* L, int index);

/// core.whole(value) -> value; a lazy row as a row of a query
int core_whole(lua_State* L);

}  // namespace luamig::bindings
