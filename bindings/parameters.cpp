#include "bindings/parameters.hpp"

#include <array>
#include <string>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/json.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"
#include "db/lexer.hpp"

namespace luamig::bindings {
namespace {

using entry = db::parameters::entry;

std::string named(std::string_view name) { return "parameter '" + std::string(name) + "'"; }

entry to_entry(lua_State* L, int index, std::string_view name) {
  entry e;
  if (lua_type(L, index) == LUA_TSTRING) {  // its name need not be said
    e.single = std::string(bytes_at(L, index));
  } else if (lua_type(L, index) == LUA_TTABLE && kind_of(L, index) != "array" &&
             !is_row(L, index)) {
    if (is_json_object(L, index))
      throw error{errc::migration, named(name) + " is a JSON object",
                  "json.encode(value) makes a text of it"};
    if (!is_list(L, index))
      throw error{errc::migration, named(name) + " is a table with names",
                  "give a single value, a list for IN (…), or array{…}"};
    e.is_list = true;
    e.list = to_list(L, index, named(name));
  } else {
    e.single = to_value(L, index, named(name));
  }
  return e;
}

void add_row(lua_State* L, int index, db::parameters& given) {
  given.is_row = true;
  push_row_columns(L, index);  // names
  const int columns = static_cast<int>(lua_objlen(L, -1));
  for (int i = 1; i <= columns; ++i) {
    lua_rawgeti(L, -1, i);     // names, name
    lua_rawgeti(L, index, i);  // names, name, value
    entry e;
    std::size_t size = 0;
    const char* data = lua_tolstring(L, -2, &size);
    if (!lua_isnil(L, -1)) e.single = to_value(L, -1, named({data, size}));
    given.named.insert_or_assign(std::string(data, size), std::move(e));
    lua_pop(L, 2);
  }
  lua_pop(L, 1);
}

void add_named(lua_State* L, int index, db::parameters& given) {
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING)
      throw error{errc::migration, "parameters have both names and positions",
                  "use { id = 7 } with :id, or { 7 } with $1"};
    std::size_t size = 0;
    const char* data = lua_tolstring(L, -2, &size);
    const std::string name(data, size);
    given.named.insert_or_assign(name, to_entry(L, -1, name));
    lua_pop(L, 1);
  }
}

// A number that ends in `e`, as the lexer cuts 1.2345e+14.
bool is_mantissa(const db::token& t) {
  return t.what == db::token::sort::number && t.text.ends_with('e') &&
         t.text.find_first_not_of("0123456789.") == t.text.size() - 1;
}

}  // namespace

db::parameters to_parameters(lua_State* L, int index) {
  db::parameters given;
  if (lua_isnoneornil(L, index)) return given;
  given.given = true;
  make_whole(L, index);
  if (lua_type(L, index) != LUA_TTABLE)
    throw error{errc::migration, "parameters are a table, not a " + std::string(kind_of(L, index)),
                "db:execute(\"… WHERE id = :id\", { id = 7 })"};
  if (is_row(L, index)) {
    add_row(L, index, given);
  } else if (is_list(L, index)) {
    given.positional = to_list(L, index, "the list of parameters");
  } else {
    add_named(L, index, given);
  }
  return given;
}

void refuse_rounded_number(std::string_view sql, db::engine kind) {
  if (sql.find("e+") == std::string_view::npos) return;
  db::lexer tokens{sql, kind};
  std::array<db::token, 3> last;
  while (const auto t = tokens.next()) {
    last = {last[1], last[2], *t};
    const auto& [mantissa, sign, exponent] = last;
    if (!is_mantissa(mantissa) || sign.text != "+") continue;
    if (exponent.text.size() < 2 || exponent.text < "14") continue;
    const char* const end = exponent.text.data() + exponent.text.size();
    throw error{errc::migration,
                "the text holds " + std::string(mantissa.text.data(), end) +
                    ", a number that lost digits when it became text",
                "give the value as a parameter: { id = … } with :id"};
  }
}

}  // namespace luamig::bindings
