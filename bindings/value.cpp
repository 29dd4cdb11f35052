#include "bindings/value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "bindings/exact.hpp"
#include "bindings/guard.hpp"
#include "bindings/json.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/stdlib.hpp"

namespace luamig::bindings {
namespace {

constexpr int cdata_type = 10;                           // LUA_TCDATA, which LuaJIT keeps to itself
constexpr double integer_limit = 9223372036854775808.0;  // 2^63
constexpr int most_stack = 15;  // of LUA_MINSTACK, 20, which no push checks

bool has_metatable(lua_State* L, int index, int reference) {
  if (lua_getmetatable(L, index) == 0) return false;
  push(L, reference);
  const bool same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return same;
}

int absolute(lua_State* L, int index) { return index < 0 ? lua_gettop(L) + index + 1 : index; }

[[noreturn]] void refuse(std::string_view what, const std::string& why, std::string cure) {
  throw error{errc::migration, std::string(what) + " " + why, std::move(cure)};
}

[[noreturn]] void refuse_position(double position, std::string_view what) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), position);
  refuse(what, "has the key " + std::string(text.data(), end.ptr),
         "lists count from 1, without gaps");
}

value number_value(double n, std::string_view what) {
  if (const auto whole = as_whole(n)) return *whole;
  if (!is_beyond_exact(n) || std::fabs(n) >= integer_limit) return n;
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), n, std::chars_format::fixed);
  refuse(what,
         "is " + std::string(text.data(), end.ptr) +
             ", a number from 2^53 on, which may have lost digits",
         "write exact(\"9007199254740993\") or 9007199254740993LL");
}

// Whether an item of a list may be refused, and so wants a name.
bool wants_name(lua_State* L) {
  const int type = lua_type(L, -1);
  if (type == LUA_TTABLE) return !has_metatable(L, -1, context::of(L).refs.array_metatable);
  return type == LUA_TFUNCTION || type == LUA_TTHREAD ||
         (type == LUA_TNUMBER && std::fabs(lua_tonumber(L, -1)) >= exact_limit);
}

value exact_value(std::string_view digits) {
  if (const auto i = as_integer(digits)) return std::int64_t{*i};
  return decimal{std::string(digits)};
}

value table_value(lua_State* L, int index, std::string_view what) {
  if (is_json_object(L, index) || is_json_array(L, index))
    refuse(what, "is a JSON object or array", "json.encode(value) makes a text of it");
  if (!has_metatable(L, index, context::of(L).refs.array_metatable))
    refuse(what, "is a table", "write array{…} for an array; a list spreads only inside IN (…)");
  return array{to_list(L, index, what)};
}

void new_metatable(lua_State* L, int& reference) {
  lua_createtable(L, 0, 4);  // metatable
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushvalue(L, -1);
  reference = luaL_ref(L, LUA_REGISTRYINDEX);
}

int null_text(lua_State* L) { return lua_pushliteral(L, "null"), 1; }

// A blob is a userdata of its bytes.
int blob_text(lua_State* L) {
  if (kind_of(L, 1) != "blob") return 0;
  lua_pushlstring(L, static_cast<const char*>(lua_touserdata(L, 1)), lua_objlen(L, 1));
  return 1;
}

int blob_size(lua_State* L) {
  lua_pushinteger(L, static_cast<lua_Integer>(lua_objlen(L, 1)));
  return 1;
}

int blob_equal(lua_State* L) {
  const bool same = kind_of(L, 1) == "blob" && kind_of(L, 2) == "blob" &&
                    lua_objlen(L, 1) == lua_objlen(L, 2) &&
                    std::memcmp(lua_touserdata(L, 1), lua_touserdata(L, 2), lua_objlen(L, 1)) == 0;
  lua_pushboolean(L, same ? 1 : 0);
  return 1;
}

void weak_table(lua_State* L, const char* mode, int& reference) {
  lua_createtable(L, 0, 0);  // table
  lua_createtable(L, 0, 1);  // table, metatable
  lua_pushstring(L, mode);
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  reference = luaL_ref(L, LUA_REGISTRYINDEX);
}

void push_array(lua_State* L, const std::vector<value>& items) {
  luaL_checkstack(L, 4, "an array");
  lua_createtable(L, static_cast<int>(items.size()), 1);  // array
  int position = 0;
  for (const value& item : items) {
    if (item.is_null())
      push_null(L);
    else
      push_value(L, item);
    lua_rawseti(L, -2, ++position);
  }
  lua_pushinteger(L, position);
  lua_setfield(L, -2, "n");
  push(L, context::of(L).refs.array_metatable);
  lua_setmetatable(L, -2);
}

}  // namespace

std::string_view digits_of(lua_State* L, int index) {
  index = absolute(L, index);
  push(L, context::of(L).refs.text_by_exact);
  lua_pushvalue(L, index);
  lua_rawget(L, -2);
  std::size_t size = 0;
  const char* data = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : "";
  lua_pop(L, 2);
  return {data, size};
}

std::string int64_digits(lua_State* L, int index) {
  if (lua_type(L, index) != cdata_type) return {};
  index = absolute(L, index);
  push(L, context::of(L).refs.tostring);
  lua_pushvalue(L, index);
  std::string digits;
  if (lua_pcall(L, 1, 1, 0) == 0 && lua_type(L, -1) == LUA_TSTRING) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L, -1, &size);
    digits.assign(data, size);
  }
  lua_pop(L, 1);
  if (!digits.ends_with("LL")) return {};
  digits.resize(digits.size() - (digits.ends_with("ULL") ? 3 : 2));
  return digits;
}

void open_values(lua_State* L) {
  references& refs = context::of(L).refs;
  lua_newuserdata(L, 1);  // null
  int null_metatable = LUA_NOREF;
  new_metatable(L, null_metatable);  // null, metatable
  lua_pushcfunction(L, guarded<null_text>);
  lua_setfield(L, -2, "__tostring");
  lua_setmetatable(L, -2);
  refs.null = luaL_ref(L, LUA_REGISTRYINDEX);

  new_metatable(L, refs.blob_metatable);  // metatable
  constexpr std::array<luaL_Reg, 4> blob_functions{{{"__tostring", guarded<blob_text>},
                                                    {"__len", guarded<blob_size>},
                                                    {"__eq", guarded<blob_equal>},
                                                    {nullptr, nullptr}}};
  luaL_setfuncs(L, blob_functions.data(), 0);
  lua_pop(L, 1);
  new_metatable(L, refs.array_metatable);
  lua_pop(L, 1);
  weak_table(L, "v", refs.exact_by_text);
  weak_table(L, "k", refs.text_by_exact);
}

std::string_view kind_of(lua_State* L, int index) {
  const references& refs = context::of(L).refs;
  const int type = lua_type(L, index);
  if (type == cdata_type) return digits_of(L, index).empty() ? "int64" : "exact";
  if (type == LUA_TTABLE && has_metatable(L, index, refs.array_metatable)) return "array";
  if (type == LUA_TUSERDATA) {
    push(L, refs.null);
    const bool is_null = lua_rawequal(L, -1, absolute(L, index < 0 ? index - 1 : index)) != 0;
    lua_pop(L, 1);
    if (is_null) return "null";
    if (has_metatable(L, index, refs.blob_metatable)) return "blob";
    if (has_metatable(L, index, refs.error_metatable)) return "error";
    if (is_lazy_row(L, index)) return "row";
  }
  return lua_typename(L, type);
}

void push_null(lua_State* L) { push(L, context::of(L).refs.null); }

void push_exact(lua_State* L, std::string_view digits) {
  const references& refs = context::of(L).refs;
  // First of all: loading the module below changes what `digits` may refer to.
  lua_pushlstring(L, digits.data(), digits.size());  // digits
  if (refs.make_exact == LUA_NOREF) {
    push_module(L, "luamig.values");  // installs the maker
    lua_pop(L, 1);
  }
  push(L, refs.exact_by_text);
  lua_insert(L, -2);  // by_text, digits
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);  // by_text, digits, exact?
  if (!lua_isnil(L, -1)) {
    lua_replace(L, -3);
    lua_pop(L, 1);
    return;
  }
  lua_pop(L, 1);
  push(L, refs.make_exact);
  lua_call(L, 0, 1);  // by_text, digits, exact
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2);
  lua_rawset(L, -5);
  push(L, refs.text_by_exact);  // by_text, digits, exact, by_exact
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -4);
  lua_rawset(L, -3);
  lua_pop(L, 1);
  lua_replace(L, -3);
  lua_pop(L, 1);  // exact
}

void push_number(lua_State* L, std::string_view digits) {
  if (const auto i = as_integer(digits); i && is_plain(*i))
    lua_pushnumber(L, static_cast<double>(*i));
  else
    push_exact(L, digits);
}

void push_integer(lua_State* L, std::int64_t i) {
  if (is_plain(i)) return lua_pushnumber(L, static_cast<double>(i));
  std::array<char, 24> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), i);
  push_exact(L, {text.data(), static_cast<std::size_t>(end.ptr - text.data())});
}

void push_value(lua_State* L, const value& v) {
  if (v.is_null()) return lua_pushnil(L);
  if (const auto* b = std::get_if<bool>(&v)) return lua_pushboolean(L, *b ? 1 : 0);
  if (const auto* i = std::get_if<std::int64_t>(&v)) return push_integer(L, *i);
  if (const auto* d = std::get_if<double>(&v)) return lua_pushnumber(L, *d);
  if (const auto* d = std::get_if<decimal>(&v)) return push_exact(L, d->digits);
  if (const auto* items = std::get_if<array>(&v)) return push_array(L, items->items);
  const std::string& bytes = v.index() == 5 ? std::get<std::string>(v) : std::get<blob>(v).bytes;
  lua_pushlstring(L, bytes.data(), bytes.size());
}

void push_cell(lua_State* L, const db::row_block& block, const db::cell& c) {
  switch (c.kind) {
    case db::cell_kind::null:
      return lua_pushnil(L);
    case db::cell_kind::boolean:
      return lua_pushboolean(L, c.integer != 0 ? 1 : 0);
    case db::cell_kind::integer:
      return push_integer(L, c.integer);
    case db::cell_kind::real:
      return lua_pushnumber(L, c.real);
    case db::cell_kind::decimal:
      return push_exact(L, block.bytes(c));
    case db::cell_kind::array:
    case db::cell_kind::text:
    case db::cell_kind::blob:
      break;
  }
  const std::string_view bytes = block.bytes(c);
  lua_pushlstring(L, bytes.data(), bytes.size());
}

bool is_list(lua_State* L, int index) {
  index = absolute(L, index);
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) == LUA_TNUMBER) continue;
    lua_pop(L, 1);
    return false;
  }
  return true;
}

std::vector<value> to_list(lua_State* L, int index, std::string_view what) {
  index = absolute(L, index);
  double highest = 0;
  std::size_t count = 0;
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TNUMBER) continue;
    const double position = lua_tonumber(L, -1);
    if (position < 1 || position != std::floor(position)) refuse_position(position, what);
    highest = std::max(highest, position);
    ++count;
  }
  // Each item may be an array in turn, and an array can hold itself.
  if (lua_gettop(L) > most_stack)
    refuse(what, "is nested too deeply", "arrays have 6 dimensions at the most");
  std::vector<value> items;
  items.reserve(count);
  for (int i = 1; i <= static_cast<int>(std::min(highest, 1e9)); ++i) {
    lua_rawgeti(L, index, i);
    const bool hole = lua_isnil(L, -1);
    if (!hole && wants_name(L))
      items.push_back(to_value(L, -1, "item " + std::to_string(i) + " of " + std::string(what)));
    else if (!hole)
      items.push_back(to_value(L, -1, what));
    lua_pop(L, 1);
    if (hole)
      refuse(what, "has a hole: item " + std::to_string(i) + " is nil", "write null for NULL");
  }
  return items;
}

void make_bytes(value& v) {
  if (const auto* text = std::get_if<std::string>(&v)) {
    v = blob{*text};
  } else if (auto* list = std::get_if<array>(&v)) {
    for (value& item : list->items) make_bytes(item);
  }
}

void refuse_blob(const value& v, std::string_view column) {
  if (!std::holds_alternative<blob>(v)) return;
  throw error{errc::migration,
              "'" + std::string(column) + "' is no column for bytes, and is given a blob",
              "give it a text"};
}

value to_value(lua_State* L, int index, std::string_view what) {
  std::size_t size = 0;
  switch (lua_type(L, index)) {
    case LUA_TNIL:
    case LUA_TNONE:
      refuse(what, "is nil", "write null for NULL, or coalesce(v, null)");
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0;
    case LUA_TNUMBER:
      return number_value(lua_tonumber(L, index), what);
    case LUA_TSTRING: {
      const char* data = lua_tolstring(L, index, &size);
      return std::string(data, size);
    }
    case LUA_TTABLE:
      return table_value(L, index, what);
    default:
      break;
  }
  const std::string_view kind = kind_of(L, index);
  if (kind == "null") return null_value{};
  if (kind == "blob")
    return blob{
        std::string(static_cast<const char*>(lua_touserdata(L, index)), lua_objlen(L, index))};
  if (kind == "exact") return exact_value(digits_of(L, index));
  if (kind == "int64")
    if (const std::string digits = int64_digits(L, index); !digits.empty())
      return exact_value(digits);
  refuse(what, "is a " + std::string(kind),
         "values are texts, numbers, booleans, null, exact, blob, array");
}

}  // namespace luamig::bindings
