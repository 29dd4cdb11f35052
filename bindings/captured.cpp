#include "bindings/captured.hpp"

#include <string>

#include "bindings/bytecode.hpp"
#include "bindings/context.hpp"

namespace luamig::bindings {
namespace {

int append(lua_State*, const void* bytes, std::size_t size, void* to) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return 0;
}

// Whether the function on top of the stack has the environment at 2.
bool is_of_file(lua_State* L) {
  if (lua_type(L, -1) != LUA_TFUNCTION || lua_iscfunction(L, -1) != 0) return false;
  lua_getfenv(L, -1);
  const bool same = lua_rawequal(L, -1, 2) != 0;
  lua_pop(L, 1);
  return same;
}

// Whether the function on top of the stack was looked at before; from now on it was.
bool was_seen(lua_State* L) {
  lua_pushvalue(L, -1);
  lua_rawget(L, 3);
  const bool seen = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  lua_pushvalue(L, -1);
  lua_pushboolean(L, 1);
  lua_rawset(L, 3);
  return seen;
}

using finder = outer_assignment (*)(std::string_view dump);

// Of the function on top of the stack. // name, line
bool push_own(lua_State* L, finder find) {
  std::string& dump = context::of(L).scratch;
  dump.clear();
  if (lua_dump(L, append, &dump) != 0) return false;
  const outer_assignment assigned = find(dump);
  if (!assigned.found) return false;
  if (assigned.upvalue < 0) {
    lua_pushlstring(L, assigned.global.data(), assigned.global.size());
  } else {
    lua_pushstring(L, lua_getupvalue(L, -1, assigned.upvalue + 1));
    lua_replace(L, -2);
  }
  lua_pushinteger(L, static_cast<lua_Integer>(assigned.line));
  return true;
}

bool push_first(lua_State* L, finder find, const char*& helper);

// The same of the functions that the one on top of the stack has captured; `helper` is the one that
// leads there. // name, line
bool push_of_helpers(lua_State* L, finder find, const char*& helper) {
  for (int i = 1;; ++i) {
    const char* const name = lua_getupvalue(L, -1, i);
    if (name == nullptr) return false;
    if (is_of_file(L) && !was_seen(L) && push_first(L, find, helper)) {
      helper = name;
      return true;
    }
    lua_pop(L, 1);
  }
}

bool push_first(lua_State* L, finder find, const char*& helper) {
  luaL_checkstack(L, 8, "functions within functions");
  return push_own(L, find) || push_of_helpers(L, find, helper);
}

constexpr int deepest = 4;

int push_found(lua_State* L, finder find) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  if (lua_iscfunction(L, 1) != 0) return 0;
  lua_settop(L, 1);
  lua_getfenv(L, 1);
  lua_createtable(L, 0, 4);  // function, environment, seen
  lua_pushvalue(L, 1);
  static_cast<void>(was_seen(L));
  const char* helper = nullptr;
  if (!push_first(L, find, helper)) return 0;
  if (helper == nullptr) return 2;
  lua_pushstring(L, helper);
  return 3;
}

// Whether the value on top goes on from call to call: rows of a query or a file, a coroutine, or a
// function that has one of them; luamig's own stand around others.
bool goes_on(lua_State* L, int depth = 0) {
  switch (lua_type(L, -1)) {
    case LUA_TTHREAD:
      return true;
    case LUA_TUSERDATA: {
      const references& refs = context::of(L).refs;
      if (lua_getmetatable(L, -1) == 0) return false;
      bool found = false;
      for (const int one : {refs.cursor_metatable, refs.csv_metatable, refs.writer_metatable,
                            refs.export_metatable}) {
        push(L, one);
        found = found || lua_rawequal(L, -1, -2) != 0;
        lua_pop(L, 1);
      }
      lua_pop(L, 1);
      return found;
    }
    case LUA_TFUNCTION:
      luaL_checkstack(L, 4, "functions within functions");
      for (int i = 1; lua_getupvalue(L, -1, i) != nullptr; ++i) {
        const bool is_own = lua_type(L, -1) != LUA_TFUNCTION || lua_iscfunction(L, -1) != 0;
        const bool found = is_own && depth < deepest && goes_on(L, depth + 1);
        lua_pop(L, 1);
        if (found) return true;
      }
      return false;
    default:
      return false;
  }
}

}  // namespace

int core_captured_assignment(lua_State* L) { return push_found(L, find_outer_assignment); }

int core_captured_change(lua_State* L) { return push_found(L, find_outer_change); }

int core_captured_stream(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  for (int i = 1;; ++i) {
    const char* const name = lua_getupvalue(L, 1, i);
    if (name == nullptr) return 0;
    if (goes_on(L)) {
      lua_pushstring(L, name);
      return 1;
    }
    lua_pop(L, 1);
  }
}

}  // namespace luamig::bindings
