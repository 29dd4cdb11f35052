#include "bindings/environment.hpp"
#include "bindings/unread_calls.hpp"

#include <string_view>

#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/stopping.hpp"

namespace luamig::bindings {
namespace {

constexpr int most_levels = 250;

// The function of `frame` pushed, when it runs in an environment of the user's. // environment
bool push_if_environment(lua_State* L, lua_Debug& frame) {
  lua_getinfo(L, "f", &frame);  // function
  lua_getfenv(L, -1);           // function, environment
  lua_replace(L, -2);
  if (lua_type(L, -1) == LUA_TTABLE && lua_getmetatable(L, -1) != 0) {
    push(L, context::of(L).refs.environment_metatable);
    const bool ours = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    if (ours) return true;
  }
  lua_pop(L, 1);
  return false;
}

// The nearest frame whose globals are an environment. // environment?
bool find_frame(lua_State* L, lua_Debug& frame) {
  for (int level = 0; level < most_levels && lua_getstack(L, level, &frame) != 0; ++level)
    if (push_if_environment(L, frame)) return true;
  return false;
}

// A hook stops no compiled loop, and memory that runs out in one cannot be reported: the user's
// own code is interpreted. // function | message
bool load_text(lua_State* L, std::string_view source, const char* chunk) {
  if (luaL_loadbufferx(L, source.data(), source.size(), chunk, "t") != 0) return false;
  luaJIT_setmode(L, -1, LUAJIT_MODE_ALLFUNC | LUAJIT_MODE_OFF);
  note_unread_calls(L, chunk);
  return true;
}

}  // namespace

void push_environment(lua_State* L, const char* kind) {
  const references& refs = context::of(L).refs;
  if (refs.new_environment == LUA_NOREF) {
    push_module(L, "luamig.environment");  // installs the maker
    lua_pop(L, 1);
  }
  push(L, refs.new_environment);
  lua_pushstring(L, kind);
  lua_call(L, 1, 1);
}

bool compile(lua_State* L, const std::string& source, const char* chunk, int environment) {
  if (!load_text(L, source, chunk)) return false;
  lua_pushvalue(L, environment < 0 ? environment - 1 : environment);
  lua_setfenv(L, -2);
  return true;
}

int core_compile(lua_State* L) {
  std::size_t size = 0;
  const char* data = luaL_checklstring(L, 1, &size);
  const char* chunk = luaL_checkstring(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  if (!load_text(L, {data, size}, chunk)) {
    lua_pushnil(L);
    lua_insert(L, -2);
    return 2;
  }
  lua_pushvalue(L, 3);
  lua_setfenv(L, -2);
  return 1;
}

int core_caller_environment(lua_State* L) {
  lua_Debug frame{};
  if (find_frame(L, frame)) return 1;
  return core_current_environment(L);
}

int core_current_environment(lua_State* L) {
  push(L, context::of(L).current_environment);
  return 1;
}

int core_in_main_chunk(lua_State* L) {
  lua_Debug frame{};
  const bool found = find_frame(L, frame);
  if (found) lua_getinfo(L, "S", &frame);
  lua_pushboolean(L, !found || frame.what[0] == 'm' ? 1 : 0);
  return 1;
}

int core_install_environment(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  references& refs = context::of(L).refs;
  refs.new_environment = luaL_ref(L, LUA_REGISTRYINDEX);
  refs.environment_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

int core_called(lua_State* L) {
  luaL_checkany(L, 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function, arguments…
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  const int status = lua_pcall(L, lua_gettop(L) - 2, 1, 1);
  ctx.depth = depth - 1;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  lua_pushboolean(L, status == 0 ? 1 : 0);
  lua_insert(L, -2);
  return 2;
}

}  // namespace luamig::bindings
