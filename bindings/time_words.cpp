#include "bindings/time_words.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/value.hpp"
#include "codec/instant.hpp"
#include "worker/crew.hpp"

namespace luamig::bindings {
namespace {

double seconds_argument(lua_State* L) {
  if (lua_type(L, 1) == LUA_TNUMBER) return lua_tonumber(L, 1);
  if (const std::string_view digits = digits_of(L, 1); !digits.empty())
    return std::strtod(digits.data(), nullptr);
  throw error{errc::migration,
              "time.iso: the seconds are " + std::string(lua_isnoneornil(L, 1) ? "" : "a ") +
                  std::string(lua_isnoneornil(L, 1) ? "nil" : kind_of(L, 1)) + ", not a number",
              lua_type(L, 1) == LUA_TSTRING ? "tonumber(text)" : ""};
}

int push_scratch(lua_State* L) {
  const std::string& out = context::of(L).scratch;
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

}  // namespace

double step_seconds(const context& ctx) {
  if (ctx.step != nullptr && ctx.step->began != 0)
    return static_cast<double>(ctx.step->began) / 1000;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

int core_clock(lua_State* L) {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  lua_pushnumber(L, std::chrono::duration<double, std::milli>(since).count());
  return 1;
}

int core_sleep(lua_State* L) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds look{20};
  const context& ctx = context::of(L);
  const engine::counted_call counted(ctx.session == nullptr ? nullptr : ctx.session->clock());
  if (ctx.rest) {
    ctx.rest(std::chrono::milliseconds(luaL_checkinteger(L, 1)));
    return 0;
  }
  const auto until = clock::now() + std::chrono::milliseconds(luaL_checkinteger(L, 1));
  const auto ends = [&ctx] { return ctx.board != nullptr && ctx.board->ending.load(); };
  for (auto now = clock::now(); now < until && ctx.interrupted.load() == 0 && !ends();
       now = clock::now()) {
    std::this_thread::sleep_for(std::min<clock::duration>(look, until - now));
  }
  return 0;
}

int core_time_ago(lua_State* L) {
  const std::string_view span = text_argument(L, 1, "time.ago: the span of time");
  const double now = std::floor(step_seconds(context::of(L)));
  context::of(L).scratch = codec::instant_text(codec::before(now, span));
  return push_scratch(L);
}

int core_time_unix(lua_State* L) {
  const auto text = bytes_argument(L, "time.unix");
  if (!text) return lua_pushnil(L), 1;
  lua_pushnumber(L, codec::instant_of(*text));
  return 1;
}

int core_time_iso(lua_State* L) {
  context::of(L).scratch = codec::instant_text(seconds_argument(L));
  return push_scratch(L);
}

}  // namespace luamig::bindings
