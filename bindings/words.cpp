#include "bindings/words.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/time_words.hpp"
#include "bindings/value.hpp"
#include "db/mask.hpp"
#include "engine/script_output.hpp"

namespace luamig::bindings {
namespace {

std::string_view view(lua_State* L, int index) {
  std::size_t size = 0;
  const char* data = lua_type(L, index) == LUA_TSTRING ? lua_tolstring(L, index, &size) : "";
  return {data, size};
}

void set_text(lua_State* L, const char* name, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
  lua_setfield(L, -2, name);
}

// Another process that is told sees to the rest.
void print_line(context& ctx, engine::observer::level level, std::string_view text) {
  constexpr std::size_t most_told = 64 * 1024;
  if (ctx.relays)
    ctx.watching->message(level, text.substr(0, most_told));
  else
    engine::say_line(*ctx.watching, ctx.printed, level, text);
}

}  // namespace

int core_fail(lua_State* L) {
  const std::string_view message = view(L, 1);
  const std::string_view hint = view(L, 2);
  throw error{errc::migration, std::string(message), std::string(hint)};
}

int core_log(lua_State* L) {
  using level = engine::observer::level;
  const std::string_view how = view(L, 1);
  print_line(context::of(L),
             how == "warning" ? level::warning
             : how == "debug" ? level::debug
                              : level::info,
             view(L, 2));
  return 0;
}

int core_worked(lua_State* L) {
  engine::observer::rows_done done;
  done.what = text::escape_controls(db::mask(view(L, 1)));
  done.rows = static_cast<std::int64_t>(lua_tonumber(L, 2));
  if (lua_type(L, 3) == LUA_TNUMBER) done.total = static_cast<std::int64_t>(lua_tonumber(L, 3));
  done.seconds = lua_tonumber(L, 5);
  done.rate = done.seconds > 0 ? lua_tonumber(L, 4) / done.seconds : 0;
  context::of(L).watching->rows_worked(done);
  return 0;
}

int core_nearest(lua_State* L) {
  context& ctx = context::of(L);
  {
    std::vector<std::string> candidates;
    const auto count = lua_type(L, 2) == LUA_TTABLE ? lua_objlen(L, 2) : 0;
    for (std::size_t i = 1; i <= count; ++i) {
      lua_rawgeti(L, 2, static_cast<int>(i));
      candidates.emplace_back(view(L, -1));
      lua_pop(L, 1);
    }
    const auto near = text::nearest(view(L, 1), candidates);
    if (!near) return 0;
    ctx.scratch = *near;
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

void push_step(lua_State* L, const context& ctx) {
  lua_createtable(L, 0, 12);  // step
  if (ctx.step != nullptr) {
    if (ctx.step->script != nullptr) {
      set_text(L, "revision", ctx.step->script->head.revision);
      set_text(L, "message", ctx.step->script->head.message);
      set_text(L, "file", ctx.step->script->name);
    }
    const bool in_steps = ctx.step->script == nullptr || !ctx.step->script->head.transactional;
    lua_pushboolean(L, in_steps ? 0 : 1);
    lua_setfield(L, -2, "transactional");
    set_text(L, "direction", graph::name(ctx.step->way));
    set_text(L, "url", ctx.step->shown_url);
    if (!ctx.step->tag.empty()) set_text(L, "tag", ctx.step->tag);
  }
  if (ctx.session == nullptr) return;
  set_text(L, "dialect", db::name(ctx.session->kind()));
  lua_pushboolean(L, ctx.session->offline() ? 1 : 0);
  lua_setfield(L, -2, "is_offline");
}

int core_context(lua_State* L) {
  push_step(L, context::of(L));
  return 1;
}

int core_x(lua_State* L) {
  const context& ctx = context::of(L);
  const std::string_view wanted = view(L, 1);
  for (auto at = ctx.x.rbegin(); at != ctx.x.rend(); ++at) {
    if (at->first != wanted) continue;
    lua_pushlstring(L, at->second.data(), at->second.size());
    return 1;
  }
  return 0;
}

int core_secret(lua_State* L) {
  context& ctx = context::of(L);
  const std::string_view name = text_argument(L, 1, "secret: the name");
  if (ctx.session == nullptr)
    throw error{errc::migration, "secret(\"" + std::string(name) + "\") while no step runs",
                "use it inside upgrade(), downgrade() or verify()"};
  if (ctx.session->offline())
    throw error{errc::migration, "secret(\"" + std::string(name) + "\") in --sql",
                "a text for others to read may not hold what is made of a secret"};
  ctx.scratch = ctx.secret ? ctx.secret(name) : std::string();
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_getenv(lua_State* L) {
  context& ctx = context::of(L);
  {
    const auto found = ctx.variable(std::string(text_argument(L, 1, "os.getenv: the name")));
    if (!found) return lua_pushnil(L), 1;
    ctx.scratch = *found;
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_runs_programs(lua_State* L) {
  lua_pushboolean(L, context::of(L).database().runs_programs() ? 1 : 0);
  return 1;
}

int core_now(lua_State* L) {
  lua_pushnumber(L, step_seconds(context::of(L)));
  return 1;
}

int core_has_session(lua_State* L) {
  lua_pushboolean(L, context::of(L).session != nullptr ? 1 : 0);
  return 1;
}

int core_has_module(lua_State* L) {
  lua_pushboolean(L, has_module(L, luaL_checkstring(L, 1)) ? 1 : 0);
  return 1;
}

}  // namespace luamig::bindings
