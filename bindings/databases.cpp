#include "bindings/databases.hpp"

#include <string>
#include <utility>

#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/location.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stopping.hpp"
#include "engine/second_database.hpp"

namespace luamig::bindings {
namespace {

/// A failure to open it is about it.
engine::door& open_one(context& ctx, engine::door& main, std::string_view name) {
  ctx.about = name;
  engine::door& open = main.beside(name);
  ctx.about.clear();
  return open;
}

}  // namespace

int core_database(lua_State* L) {
  context& ctx = context::of(L);
  const std::string_view name = text_argument(L, 1, "op.database: the name");
  engine::door& main = ctx.database();
  ctx.last = user_place(L);
  if (main.offline()) {
    throw error{errc::migration, "op.database(\"" + std::string(name) + "\") in --sql",
                "a text can read no other database: run it online"};
  }
  (void)open_one(ctx, main, name);
  return 0;
}

int core_within(lua_State* L) {
  luaL_checktype(L, 2, LUA_TFUNCTION);
  context& ctx = context::of(L);
  const std::string_view name = text_argument(L, 1, "the name");
  if (ctx.session == nullptr) (void)ctx.database();  // says that there is none
  engine::door& on = open_one(ctx, *ctx.session, name);
  count_depth(L);
  const int depth = ctx.depth;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 2);  // name, handler, function, arguments…
  engine::door* const before = std::exchange(ctx.asked, &on);
  const std::string_view name_before = std::exchange(ctx.asked_name, name);
  const int status = lua_pcall(L, lua_gettop(L) - 3, LUA_MULTRET, 2);
  ctx.asked = before;
  ctx.asked_name = name_before;
  ctx.depth = depth - 1;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status == 0) return lua_gettop(L) - 2;
  if (error* const raised = to_error(L, -1)) engine::name_second(*raised, name);
  return lua_error(L);
}

}  // namespace luamig::bindings
