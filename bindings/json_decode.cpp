// JSON to Lua: the text is scanned first, in C++ alone, and then made into values.
#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/exact.hpp"
#include "bindings/json.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

using codec::json_kind;
using codec::json_token;

// Objects with more keys have a shape of their own: a text of all keys would cost more than it
// saves.
constexpr std::uint32_t most_shared_keys = 64;
constexpr std::uint32_t most_reserved = 1U << 20U;

// Its address marks a metatable as a shape: a light userdata no script can make.
constexpr char shape_name = 's';

void* mark() { return const_cast<char*>(&shape_name); }

struct reader {
  lua_State* L;
  context& ctx;
  std::string_view text;

  [[nodiscard]] const json_token& token(std::uint32_t i) const { return ctx.json.tokens[i]; }
};

// // text
void push_text(const reader& r, const json_token& t) {
  if (t.plain) return lua_pushlstring(r.L, t.inner(r.text).data(), t.size - 2);
  r.ctx.scratch.clear();
  codec::append_unescaped(t.inner(r.text), r.ctx.scratch);
  lua_pushlstring(r.L, r.ctx.scratch.data(), r.ctx.scratch.size());
}

void canonical(const reader& r, const json_token& t) {
  const auto n = parse_exact(t.of(r.text));
  if (!n)
    throw error{
        errc::migration,
        "the JSON text has a number of more than 20,000 digits at offset " + std::to_string(t.at)};
  r.ctx.scratch = spell(*n);
}

// // number
void push_json_number(const reader& r, const json_token& t) {
  if (const auto n = codec::plain_number(t.of(r.text))) return lua_pushnumber(r.L, *n);
  canonical(r, t);
  push_exact(r.L, r.ctx.scratch);
}

void join_keys(const reader& r, std::uint32_t object) {
  r.ctx.scratch.clear();
  std::uint32_t key = object + 1;
  for (std::uint32_t i = 0; i < r.token(object).count; ++i) {
    r.ctx.scratch += r.token(key).of(r.text);
    key = r.token(key + 1).next;
  }
}

[[noreturn]] void refuse_twice(const reader& r, std::uint32_t object, lua_Integer position) {
  std::uint32_t key = object + 1;
  for (lua_Integer i = 1; i < position; ++i) key = r.token(key + 1).next;
  throw error{errc::migration,
              "the JSON text has the key " + std::string(r.token(key).of(r.text)) +
                  " twice in one object, again at offset " + std::to_string(r.token(key).at),
              "one of the two values would be lost"};
}

// // keys, spelled
void push_keys(const reader& r, std::uint32_t object) {
  const int count = static_cast<int>(std::min(r.token(object).count, most_reserved));
  lua_createtable(r.L, count, 0);
  lua_createtable(r.L, count, 0);
  std::uint32_t key = object + 1;
  for (std::uint32_t i = 1; i <= r.token(object).count; ++i) {
    push_text(r, r.token(key));
    lua_rawseti(r.L, -3, static_cast<int>(i));
    r.ctx.scratch = r.token(key).of(r.text);
    r.ctx.scratch += ':';
    lua_pushlstring(r.L, r.ctx.scratch.data(), r.ctx.scratch.size());
    lua_rawseti(r.L, -2, static_cast<int>(i));
    key = r.token(key + 1).next;
  }
}

// // shape
void make_shape(const reader& r, std::uint32_t object) {
  push(r.L, r.ctx.refs.make_json_shape);
  push_keys(r, object);
  lua_pushlightuserdata(r.L, mark());
  lua_call(r.L, 3, 2);  // shape?, position?
  if (lua_isnil(r.L, -2)) refuse_twice(r, object, lua_tointeger(r.L, -1));
  lua_pop(r.L, 1);
}

// // shape
void push_shape(const reader& r, std::uint32_t object) {
  if (r.token(object).count > most_shared_keys) return make_shape(r, object);
  join_keys(r, object);
  push(r.L, r.ctx.refs.json_shapes);
  lua_pushlstring(r.L, r.ctx.scratch.data(), r.ctx.scratch.size());
  lua_pushvalue(r.L, -1);
  lua_rawget(r.L, -3);  // shapes, joined, shape?
  if (lua_isnil(r.L, -1)) {
    lua_pop(r.L, 1);
    make_shape(r, object);
    lua_pushvalue(r.L, -2);
    lua_pushvalue(r.L, -2);
    lua_rawset(r.L, -5);
  }
  lua_replace(r.L, -3);
  lua_pop(r.L, 1);
}

void push_token(const reader& r, std::uint32_t i);

// // object
void push_object(const reader& r, std::uint32_t object) {
  lua_State* L = r.L;
  const std::uint32_t count = r.token(object).count;
  lua_createtable(L, 0, static_cast<int>(std::min(count, most_reserved)));
  push_shape(r, object);
  lua_rawgeti(L, -1, shape_keys);  // object, shape, keys
  std::uint32_t value = object + 2;
  for (std::uint32_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, -1, static_cast<int>(i));
    push_token(r, value);
    lua_rawset(L, -5);
    value = r.token(value).next + 1;
  }
  lua_pop(L, 1);
  lua_setmetatable(L, -2);
}

// // array
void push_array(const reader& r, std::uint32_t array) {
  const std::uint32_t count = r.token(array).count;
  lua_createtable(r.L, static_cast<int>(std::min(count, most_reserved)), 0);
  std::uint32_t item = array + 1;
  for (std::uint32_t i = 1; i <= count; ++i) {
    push_token(r, item);
    lua_rawseti(r.L, -2, static_cast<int>(i));
    item = r.token(item).next;
  }
  push(r.L, r.ctx.refs.json_array);
  lua_setmetatable(r.L, -2);
}

// As deep as the scanner lets pass.
void push_token(const reader& r, std::uint32_t i) {
  const json_token& t = r.token(i);
  switch (t.kind) {
    case json_kind::null:
      return push_null(r.L);
    case json_kind::no:
    case json_kind::yes:
      return lua_pushboolean(r.L, t.kind == json_kind::yes ? 1 : 0);
    case json_kind::number:
      return push_json_number(r, t);
    case json_kind::text:
      return push_text(r, t);
    case json_kind::array:
    case json_kind::object:
      break;
  }
  luaL_checkstack(r.L, 12, "JSON");
  if (t.kind == json_kind::array) return push_array(r, i);
  push_object(r, i);
}

}  // namespace

void open_json(lua_State* L) {
  lua_createtable(L, 0, 0);  // shapes
  lua_createtable(L, 0, 1);  // shapes, metatable
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  context::of(L).refs.json_shapes = luaL_ref(L, LUA_REGISTRYINDEX);
}

bool is_json_object(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || lua_getmetatable(L, index) == 0) return false;
  lua_rawgeti(L, -1, shape_mark);
  const bool yes = lua_touserdata(L, -1) == mark();
  lua_pop(L, 2);
  return yes;
}

bool is_json_array(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || lua_getmetatable(L, index) == 0) return false;
  push(L, context::of(L).refs.json_array);
  const bool yes = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return yes;
}

void push_json(lua_State* L, std::string_view text, std::uint32_t token) {
  context& ctx = context::of(L);
  if (ctx.refs.make_json_shape == LUA_NOREF) {
    push_module(L, "luamig.json");  // installs the maker
    lua_pop(L, 1);
  }
  push_token({L, ctx, text}, token);
}

int core_json_decode(lua_State* L) {
  const std::string_view text = text_argument(L, 1, "json.decode: the text");
  codec::scan_json(text, context::of(L).json.tokens);
  push_json(L, text, 0);
  return 1;
}

int core_json_kind(lua_State* L) {
  if (is_json_object(L, 1)) return lua_pushliteral(L, "object"), 1;
  if (is_json_array(L, 1)) return lua_pushliteral(L, "array"), 1;
  return 0;
}

int core_install_json(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  references& refs = context::of(L).refs;
  refs.json_array = luaL_ref(L, LUA_REGISTRYINDEX);
  refs.make_json_shape = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace luamig::bindings
