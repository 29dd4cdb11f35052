#include "bindings/savepoint.hpp"

#include <cstddef>

#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/stopping.hpp"

namespace luamig::bindings {
namespace {

struct savepoint {
  engine::door* session = nullptr;
  std::size_t depth = 0;
};

savepoint enter(context& ctx) {
  if (ctx.session == nullptr) return {};
  ctx.session->settle_unread();  // what was sent before must not fail inside
  return {ctx.session, ctx.session->enter()};
}

void leave(const savepoint& sp, bool keep) {
  if (sp.session != nullptr) sp.session->leave(sp.depth, keep);
}

int settle(lua_State* L) {
  context::of(L).session->settle_unread(static_cast<std::size_t>(lua_tointeger(L, 1)));
  return 0;
}

// Waits for what was not waited for within this savepoint; an error takes the place of the results
// from `base` on.
int settle_unread(lua_State* L, int base, std::size_t depth, int handler) {
  luaL_checkstack(L, 4, "too many results");
  lua_pushcfunction(L, guarded<settle>);
  lua_pushinteger(L, static_cast<lua_Integer>(depth));
  const int status = lua_pcall(L, 1, 0, handler);
  if (status == 0) return 0;
  lua_insert(L, base);
  lua_settop(L, base);
  return status;
}

int counted_call(lua_State* L) {
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  ctx.depth = depth - 1;
  return lua_gettop(L);
}

int counted_resume(lua_State* L) {
  counted_call(L);
  if (lua_toboolean(L, 1) == 0 && is_uncatchable(L, LUA_ERRRUN)) return raise_uncatchable(L);
  return lua_gettop(L);
}

// coroutine.wrap gives a function: that is the one to count
int counted_wrap(lua_State* L) {
  counted_call(L);
  lua_pushcclosure(L, guarded<counted_call>, 1);
  return 1;
}

int status_and_results(lua_State* L, int status, int first) {
  lua_pushboolean(L, status == 0 ? 1 : 0);
  lua_insert(L, first);
  return lua_gettop(L) - first + 1;
}

// In a durable revision what is caught is a step. // function, arguments… -> true, … | false, error
int call_as_step(lua_State* L, const char* how) {
  push_module(L, "luamig.durable");
  lua_getfield(L, -1, "caught");
  lua_replace(L, -2);
  lua_insert(L, 1);
  lua_pushstring(L, how);
  lua_insert(L, 2);
  lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
  return lua_gettop(L);
}

bool takes_steps(lua_State* L) {
  engine::door* const session = context::of(L).session;
  return session != nullptr && session->takes_steps();
}

}  // namespace

int call_in_savepoint(lua_State* L, int arguments, int handler) {
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  const row_under_way row = ctx.row;
  const savepoint sp = enter(ctx);
  const int base = lua_gettop(L) - arguments;
  int status = lua_pcall(L, arguments, LUA_MULTRET, handler);
  ctx.depth = depth - 1;
  ctx.row = row;
  if (status == 0 && sp.session != nullptr && sp.session->has_unread(sp.depth))
    status = settle_unread(L, base, sp.depth, handler);
  if (is_uncatchable(L, status)) raise_uncatchable(L);
  leave(sp, status == 0);
  luaL_checkstack(L, 4, "too many results");
  return status;
}

void count_depth(lua_State* L) {
  context& ctx = context::of(L);
  if (ctx.depth >= most_depth)
    throw error{errc::migration,
                "calls are nested too deeply (pcall, coroutines, gsub, sort or callbacks)"};
  ++ctx.depth;
}

int word_pcall(lua_State* L) {
  luaL_checkany(L, 1);
  if (takes_steps(L)) return call_as_step(L, "pcall");
  const int status = call_in_savepoint(L, lua_gettop(L) - 1, 0);
  return status_and_results(L, status, 1);
}

int word_xpcall(lua_State* L) {
  luaL_checkany(L, 2);
  if (takes_steps(L)) return call_as_step(L, "xpcall");
  lua_pushvalue(L, 2);  // function, handler, arguments…, handler
  lua_insert(L, 1);
  lua_remove(L, 3);  // handler, function, arguments…
  const int status = call_in_savepoint(L, lua_gettop(L) - 2, 1);
  return status_and_results(L, status, 2);
}

int core_try(lua_State* L) {
  luaL_checkany(L, 1);
  if (takes_steps(L)) return call_as_step(L, "try");
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function, arguments…
  const int status = call_in_savepoint(L, lua_gettop(L) - 2, 1);
  return status_and_results(L, status, 2);
}

int core_transaction(lua_State* L) {
  luaL_checkany(L, 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function, arguments…
  if (call_in_savepoint(L, lua_gettop(L) - 2, 1) != 0) return lua_error(L);
  return lua_gettop(L) - 1;
}

int core_rebuild(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  lua_settop(L, 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function
  // Asked for once: after an interrupt the door is shut, and the end must come all the same.
  engine::door& session = ctx.database();
  session.begin_rebuild();
  const int status = lua_pcall(L, 0, 0, 1);
  ctx.depth = depth - 1;
  session.end_rebuild();
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  return status == 0 ? 0 : lua_error(L);
}

int core_counted(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  const bool wraps = lua_toboolean(L, 2) != 0;
  lua_settop(L, 1);
  lua_pushcclosure(L, wraps ? guarded<counted_wrap> : guarded<counted_call>, 1);
  return 1;
}

int core_counted_resume(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushcclosure(L, guarded<counted_resume>, 1);
  return 1;
}

}  // namespace luamig::bindings
