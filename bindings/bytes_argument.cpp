#include "bindings/bytes_argument.hpp"

#include <string>

#include "base/error.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

// row, column, … -> value, …; a column that the row has not raises as row.column does
void replace_by_column(lua_State* L) {
  lua_getmetatable(L, 1);
  lua_pushliteral(L, "positions");
  lua_rawget(L, -2);
  lua_pushvalue(L, 2);
  lua_rawget(L, -2);  // …, metatable, positions, position?
  const int position = static_cast<int>(lua_tointeger(L, -1));
  lua_pop(L, 3);
  if (position > 0) {
    lua_rawgeti(L, 1, position);
  } else {
    lua_pushvalue(L, 2);
    lua_gettable(L, 1);
  }
  lua_replace(L, 1);
  lua_remove(L, 2);
}

[[noreturn]] void refuse(lua_State* L, int index, const std::string& what) {
  if (lua_isnoneornil(L, index))
    throw error{errc::migration, what + " is nil", "look for NULL before: is_null(v)"};
  throw error{errc::migration, what + " is a " + std::string(kind_of(L, index)) + ", not a text"};
}

}  // namespace

void text_view::push(lua_State* L) const {
  if (is_argument) return lua_pushvalue(L, 1);
  lua_pushlstring(L, bytes->data(), bytes->size());
}

text_view view_argument(lua_State* L, const char* word) {
  if (lua_type(L, 1) == LUA_TSTRING) return {bytes_at(L, 1)};
  const row_window* const w = lazy_window(L, 1);
  const int column = w == nullptr ? -1 : column_at(L, 2, *w);
  if (column < 0) return {bytes_argument(L, word)};
  const db::cell& cell = w->block->at(w->row, static_cast<std::size_t>(column));
  if (cell.kind != db::cell_kind::text && cell.kind != db::cell_kind::null)
    return {bytes_argument(L, word)};
  lua_remove(L, 1);  // the column's name stays where the text would be
  if (cell.kind == db::cell_kind::null) return {std::nullopt, false};
  return {w->block->bytes(cell), false};
}

std::optional<std::string_view> bytes_argument(lua_State* L, const char* word) {
  if (lua_type(L, 1) == LUA_TSTRING) return bytes_at(L, 1);
  make_whole(L, 1);
  if (!is_row(L, 1)) refuse(L, 1, std::string(word) + ": the text");
  if (lua_type(L, 2) != LUA_TSTRING)
    throw error{errc::migration, std::string(word) + ": the row's column is not named",
                std::string(word) + "(row, \"name\")"};
  const std::string_view column = bytes_at(L, 2);
  replace_by_column(L);
  if (lua_isnil(L, 1)) return std::nullopt;
  if (lua_type(L, 1) != LUA_TSTRING)
    refuse(L, 1, std::string(word) + ": the column '" + std::string(column) + "'");
  return bytes_at(L, 1);
}

std::string_view text_argument(lua_State* L, int index, const char* what) {
  if (lua_type(L, index) != LUA_TSTRING) refuse(L, index, what);
  return bytes_at(L, index);
}

}  // namespace luamig::bindings
