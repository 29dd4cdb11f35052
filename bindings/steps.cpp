#include "bindings/steps.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stopping.hpp"
#include "db/mask.hpp"
#include "engine/control.hpp"

namespace luamig::bindings {
namespace {

std::string_view text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* const data = luaL_checklstring(L, index, &size);
  return {data, size};
}

}  // namespace

int core_takes_steps(lua_State* L) {
  const context& ctx = context::of(L);
  lua_pushboolean(L, ctx.session != nullptr && ctx.session->takes_steps() ? 1 : 0);
  return 1;
}

int core_begin_step(lua_State* L) {
  const std::string_view label = text_at(L, 1);
  const std::string_view asked = text_at(L, 2);
  context& ctx = context::of(L);
  {
    auto done = ctx.database().begin_step({std::string(label), std::string(asked),
                                           lua_toboolean(L, 3) != 0, lua_toboolean(L, 4) != 0});
    if (!done) return 0;
    ctx.scratch = std::move(*done);
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_touched(lua_State* L) {
  const context& ctx = context::of(L);
  lua_pushboolean(L, ctx.session != nullptr && ctx.session->touched() ? 1 : 0);
  return 1;
}

int core_begun_before(lua_State* L) {
  const context& ctx = context::of(L);
  lua_pushboolean(L, ctx.session != nullptr && ctx.session->begun_before() ? 1 : 0);
  return 1;
}

int core_part_of_step(lua_State* L) {
  context& ctx = context::of(L);
  {
    auto part = ctx.database().part_of_step();
    if (!part) return 0;
    ctx.scratch = std::move(*part);
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_keep_part(lua_State* L) {
  const std::string_view reverse = lua_isnoneornil(L, 2) ? std::string_view() : text_at(L, 2);
  context::of(L).database().keep_part(text_at(L, 1), reverse);
  return 0;
}

int core_keep_ranges(lua_State* L) {
  const std::string_view record = text_at(L, 1);
  const std::string_view reverse = lua_isnoneornil(L, 2) ? std::string_view() : text_at(L, 2);
  luaL_checktype(L, 3, LUA_TTABLE);
  const std::size_t count = lua_objlen(L, 3);
  luaL_checkstack(L, static_cast<int>(count) + 1, "too many ranges");
  for (std::size_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, 3, static_cast<int>(i));
    static_cast<void>(text_at(L, -1));
  }
  std::vector<std::string> ranges;
  for (std::size_t i = 1; i <= count; ++i) {
    std::size_t size = 0;
    const char* const text = lua_tolstring(L, 3 + static_cast<int>(i), &size);
    ranges.emplace_back(text, size);
  }
  context::of(L).database().keep_ranges(record, reverse, ranges);
  return 0;
}

int core_range_of_step(lua_State* L) {
  const auto number = static_cast<std::size_t>(luaL_checkinteger(L, 1));
  context& ctx = context::of(L);
  {
    auto range = ctx.database().range_of_step(number);
    if (!range) return 0;
    ctx.scratch = std::move(*range);
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_keep_range(lua_State* L) {
  const auto number = static_cast<std::size_t>(luaL_checkinteger(L, 1));
  context::of(L).database().keep_range(number, text_at(L, 2));
  return 0;
}

int core_try_part(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  const int status = lua_pcall(L, 0, LUA_MULTRET, 1);
  ctx.depth = depth - 1;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status != 0) ctx.database().undo_part();
  lua_pushboolean(L, status == 0 ? 1 : 0);
  lua_replace(L, 1);
  return lua_gettop(L);
}

int core_undo_part(lua_State* L) {
  context::of(L).database().undo_part();
  return 0;
}

// -> paused, batch
int core_control(lua_State* L) {
  const engine::control c = engine::control::read(context::of(L).database().control());
  lua_pushboolean(L, c.paused ? 1 : 0);
  if (c.batch == 0) return 1;
  lua_pushnumber(L, static_cast<double>(c.batch));
  return 2;
}

int core_reject(lua_State* L) {
  const std::array texts{text_at(L, 1), text_at(L, 2), text_at(L, 3), text_at(L, 4)};
  engine::rejected_row row;
  row.table = texts[0];
  row.key = db::mask(texts[1]);
  row.changes = db::mask(texts[2]);
  row.error = db::mask(texts[3]);
  context::of(L).database().reject(row);
  return 0;
}

int core_run_step(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_pushcfunction(L, message_handler);
  lua_insert(L, 1);  // handler, function
  context& ctx = context::of(L);
  count_depth(L);
  const int depth = ctx.depth;
  const int status = lua_pcall(L, 0, 3, 1);
  ctx.depth = depth - 1;
  if (status != 0) {
    ctx.database().undo_step();
    return is_uncatchable(L, status) ? raise_uncatchable(L) : lua_error(L);
  }
  // handler, record, reverse, result
  if (lua_isnil(L, 2)) {
    ctx.database().undo_step();
  } else {
    ctx.database().finish_step(text_at(L, 2), text_at(L, 3));
  }
  return 1;
}

}  // namespace luamig::bindings
