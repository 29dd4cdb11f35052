#include "bindings/parameters.hpp"

#include <cctype>
#include <string>

#include "base/error.hpp"
#include "bindings/json.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

using entry = db::parameters::entry;

std::string named(std::string_view name) { return "parameter '" + std::string(name) + "'"; }

entry to_entry(lua_State* L, int index, std::string_view name) {
  entry e;
  if (lua_type(L, index) == LUA_TTABLE && kind_of(L, index) != "array" && !is_row(L, index)) {
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

// Where the quoted text, comment or dollar quote that begins at `i` ends; `i` when none begins.
std::size_t skip_quoted(std::string_view sql, std::size_t i) {
  const auto after = [&](std::string_view end, std::size_t from) {
    const auto at = sql.find(end, from);
    return at == std::string_view::npos ? sql.size() : at + end.size();
  };
  if (sql[i] == '\'' || sql[i] == '"') return after(sql.substr(i, 1), i + 1);
  if (sql.substr(i, 2) == "--") return after("\n", i + 2);
  if (sql.substr(i, 2) == "/*") return after("*/", i + 2);
  if (sql.substr(i, 2) == "$$") return after("$$", i + 2);
  return i;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t digits_end(std::string_view sql, std::size_t i) {
  while (i < sql.size() && is_digit(sql[i])) ++i;
  return i;
}

// The end of a word or number at `i`; `rounded` when it is 1.2345e+14 or more.
std::size_t skip_word(std::string_view sql, std::size_t i, bool& rounded) {
  std::size_t end = digits_end(sql, i);
  if (end != i && end < sql.size() && sql[end] == '.') end = digits_end(sql, end + 1);
  if (end != i && sql.substr(end, 2) == "e+") {
    const std::size_t last = digits_end(sql, end + 2);
    rounded = last - end - 2 >= 2 && sql.substr(end + 2, last - end - 2) >= "14";
    return last;
  }
  while (end < sql.size() && is_word(sql[end])) ++end;
  return end;
}

}  // namespace

db::parameters to_parameters(lua_State* L, int index) {
  db::parameters given;
  if (lua_isnoneornil(L, index)) return given;
  given.given = true;
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

void refuse_rounded_number(std::string_view sql) {
  if (sql.find("e+") == std::string_view::npos) return;
  for (std::size_t i = 0; i < sql.size();) {
    if (const std::size_t end = skip_quoted(sql, i); end != i) {
      i = end;
      continue;
    }
    bool rounded = false;
    const std::size_t end = is_word(sql[i]) ? skip_word(sql, i, rounded) : i + 1;
    if (rounded)
      throw error{errc::migration,
                  "the text holds " + std::string(sql.substr(i, end - i)) +
                      ", a number that lost digits when it became text",
                  "give the value as a parameter: { id = … } with :id"};
    i = end;
  }
}

}  // namespace luamig::bindings
