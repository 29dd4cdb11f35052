#include "bindings/undo_words.hpp"

#include <string>

#include "bindings/connection.hpp"
#include "bindings/context.hpp"
#include "bindings/value.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

int execute(lua_State* L, bool uncounted) {
  luaL_checktype(L, 1, LUA_TTABLE);
  engine::statement s = join_pieces(L, 1);
  s.keeps_undo = true;
  s.uncounted = uncounted;
  push_integer(L, context::of(L).database().execute(s));
  return 1;
}

}  // namespace

int core_undo_table(lua_State* L) {
  context& ctx = context::of(L);
  if (ctx.step == nullptr) throw error{errc::migration, "luamig_undo belongs to a revision"};
  ctx.scratch = ctx.database().undo_table(ctx.step->where, lua_toboolean(L, 1) != 0);
  if (ctx.scratch.empty()) return 0;
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  const std::string& project = ctx.step->where.version_table;
  lua_pushlstring(L, project.data(), project.size());
  lua_pushnumber(L, static_cast<double>(ctx.step->began));
  return 3;
}

int core_execute_keeping(lua_State* L) { return execute(L, false); }

int core_write_undo(lua_State* L) { return execute(L, true); }

}  // namespace luamig::bindings
