#include "bindings/stopping.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/location.hpp"

namespace luamig::bindings {
namespace {

std::string size_text(std::size_t bytes) {
  constexpr std::array units{" bytes", " KB", " MB", " GB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && bytes % 1024 == 0 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return std::to_string(bytes) + units[unit];
}

error memory_error(const context& ctx) {
  constexpr std::string_view cure =
      "read big results with db:rows or db:values instead of db:all, write with an iterator";
  error e(errc::limit, "the system has no more memory for the script", std::string(cure));
  if (!ctx.memory.starved && ctx.memory.limit != 0) {
    e.message = "the script used more than its " + size_text(ctx.memory.limit) + " of memory";
    e.hint += ", or raise the memory limit in luamig.toml";
  }
  e.kind = "memory";
  const place& at = ctx.exhausted.line != 0 ? ctx.exhausted : ctx.last;
  e.file = at.file;
  e.line = at.line;
  return e;
}

int stop_or_collect(lua_State* L) {
  context& ctx = context::of(L);
  memory_budget& m = ctx.memory;
  if (ctx.interrupted.load() == 0 && !m.refused) {
    lua_gc(L, LUA_GCCOLLECT, 0);
    // Nearer to the limit than this, every few instructions would cost a whole collection.
    if (!m.starved && m.used <= m.limit - m.limit / 64) {
      m.exceeded = false;
      disarm(ctx);
      return 0;
    }
    m.refused = true;
  }
  return raise_uncatchable(L);
}

}  // namespace

error reason_to_stop(const context& ctx) {
  const int why = ctx.interrupted.load();
  if (why < 0) return engine::past_limit(static_cast<engine::time_limit>(-why), ctx.limits);
  error e(errc::interrupted, "the run was interrupted");
  e.signal = why;
  return e;
}

bool is_uncatchable(lua_State* L, int status) noexcept {
  const context& ctx = context::of(L);
  return status != 0 && (ctx.memory.refused || status == LUA_ERRMEM || ctx.interrupted.load() != 0);
}

int raise_uncatchable(lua_State* L) {
  context& ctx = context::of(L);
  if (ctx.interrupted.load() != 0) {
    const place at = user_place(L);
    ctx.pending = reason_to_stop(ctx);
    ctx.pending->file = at.file;
    ctx.pending->line = at.line;
  } else {
    if (ctx.exhausted.line == 0) ctx.exhausted = user_place(L);
    ctx.pending = memory_error(ctx);
  }
  return raise_pending(L);
}

error as_stopped(const context& ctx, error raised, int status) {
  if (ctx.interrupted.load() != 0) {
    error e = reason_to_stop(ctx);
    if (raised.code == e.code && raised.kind == e.kind) return raised;
    // The frames are gone: where the script was is known of what it raised.
    e.file = raised.file;
    e.line = raised.line;
    if (raised.kind == "interrupted") e.sql = raised.sql;
    return e;
  }
  if ((ctx.memory.refused || status == LUA_ERRMEM) && raised.code != errc::limit)
    return memory_error(ctx);
  return raised;
}

// LuaJIT would not look at its garbage before it is refused again.
void forgive(context& ctx) {
  if (!ctx.memory.refused && !ctx.memory.exceeded) return;
  ctx.memory.refused = false;
  ctx.memory.exceeded = false;
  ctx.memory.starved = false;
  ctx.exhausted = {};
  disarm(ctx);
  lua_gc(ctx.main, LUA_GCCOLLECT, 0);
}

void stop_hook(lua_State* L, lua_Debug*) { guarded<stop_or_collect>(L); }

void disarm(context& ctx) noexcept {
  if (ctx.main == nullptr || ctx.interrupted.load() != 0) return;
  lua_sethook(ctx.main, nullptr, 0, 0);
  // A signal may have come in between.
  if (ctx.interrupted.load() != 0) lua_sethook(ctx.main, stop_hook, LUA_MASKCOUNT, 1);
}

}  // namespace luamig::bindings
