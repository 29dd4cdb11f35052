#include "bindings/bytes_argument.hpp"

#include <string>

#include "base/error.hpp"
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

std::optional<std::string_view> bytes_argument(lua_State* L, const char* word) {
  if (lua_type(L, 1) == LUA_TSTRING) return bytes_at(L, 1);
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
