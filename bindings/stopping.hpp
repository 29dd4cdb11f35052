#pragma once

#include <lua.hpp>

#include "base/error.hpp"
#include "bindings/context.hpp"

namespace luamig::bindings {

// What a script may not catch: the interrupt of a run, and a limit that it has passed.

/// Why the script is to end, while `ctx.interrupted` is set; without a place.
[[nodiscard]] error reason_to_stop(const context& ctx);
[[nodiscard]] bool is_uncatchable(lua_State* L, int status) noexcept;
/// Raises the uncatchable error that the state is in. Never returns.
int raise_uncatchable(lua_State* L);
/// What lua_pcall ended with, as it leaves the script: the error of what has stopped it, whatever
/// the script has made of that.
[[nodiscard]] error as_stopped(const context& ctx, error raised, int status);

/// The hook that an interrupt or an exceeded limit arms. It stays armed, so that swallowing pcalls
/// end too, unless a collection brings the memory back below its limit.
void stop_hook(lua_State* L, lua_Debug* frame);
/// Takes the hook away, but for an interrupt that waits.
void disarm(context& ctx) noexcept;
/// The script has ended: what filled the memory is garbage now.
void forgive(context& ctx);

}  // namespace luamig::bindings
