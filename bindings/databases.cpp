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

namespace luamig::bindings {
namespace {

engine::second_database& open_one(context& ctx, std::string_view name) {
  if (engine::second_database* const open = ctx.second.find(name)) return *open;
  throw error{
      errc::migration, "the database '" + std::string(name) + "' is closed",
      "it ends with the revision: ask for it again, op.database(\"" + std::string(name) + "\")"};
}

}  // namespace

engine::session& main_session(const context& ctx) {
  if (auto* const here = dynamic_cast<engine::session*>(ctx.session)) return *here;
  throw error{errc::migration, "a second database cannot be read in the sandbox",
              "--sandbox=off runs the scripts in luamig's own process"};
}

int core_database(lua_State* L) {
  context& ctx = context::of(L);
  const std::string_view name = text_argument(L, 1, "op.database: the name");
  engine::door& main = ctx.database();
  ctx.last = user_place(L);
  if (main.offline()) {
    throw error{errc::migration, "op.database(\"" + std::string(name) + "\") in --sql",
                "a text can read no other database: run it online"};
  }
  if (ctx.second.find(name) != nullptr) return 0;
  engine::session& here = main_session(ctx);
  engine::second_place place = ctx.second_place(name);
  ctx.about = name;
  ctx.second.open(std::move(place), here, *ctx.watching);
  ctx.about.clear();
  return 0;
}

int core_within(lua_State* L) {
  luaL_checktype(L, 2, LUA_TFUNCTION);
  context& ctx = context::of(L);
  engine::second_database& on = open_one(ctx, text_argument(L, 1, "the name"));
  count_depth(L);
  const int depth = ctx.depth;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 2);  // name, handler, function, arguments…
  engine::second_database* const before = std::exchange(ctx.asked, &on);
  const int status = lua_pcall(L, lua_gettop(L) - 3, LUA_MULTRET, 2);
  ctx.asked = before;
  ctx.depth = depth - 1;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status == 0) return lua_gettop(L) - 2;
  if (error* const raised = to_error(L, -1)) engine::name_second(*raised, on.name());
  return lua_error(L);
}

}  // namespace luamig::bindings
