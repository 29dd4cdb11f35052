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

// Of the function on top of the stack. // name, line
bool push_own(lua_State* L) {
  std::string& dump = context::of(L).scratch;
  dump.clear();
  if (lua_dump(L, append, &dump) != 0) return false;
  const outer_assignment assigned = find_outer_assignment(dump);
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

bool push_first(lua_State* L, const char*& helper);

// The same of the functions that the one on top of the stack has captured; `helper` is the one that
// leads there. // name, line
bool push_of_helpers(lua_State* L, const char*& helper) {
  for (int i = 1;; ++i) {
    const char* const name = lua_getupvalue(L, -1, i);
    if (name == nullptr) return false;
    if (is_of_file(L) && !was_seen(L) && push_first(L, helper)) {
      helper = name;
      return true;
    }
    lua_pop(L, 1);
  }
}

bool push_first(lua_State* L, const char*& helper) {
  luaL_checkstack(L, 8, "functions within functions");
  return push_own(L) || push_of_helpers(L, helper);
}

}  // namespace

int core_captured_assignment(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  if (lua_iscfunction(L, 1) != 0) return 0;
  lua_settop(L, 1);
  lua_getfenv(L, 1);
  lua_createtable(L, 0, 4);  // function, environment, seen
  lua_pushvalue(L, 1);
  static_cast<void>(was_seen(L));
  const char* helper = nullptr;
  if (!push_first(L, helper)) return 0;
  if (helper == nullptr) return 2;
  lua_pushstring(L, helper);
  return 3;
}

}  // namespace luamig::bindings
