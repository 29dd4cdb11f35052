#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.clock() -> milliseconds since some instant, never back
int core_clock(lua_State* L);
/// core.sleep(milliseconds): returns early when the run is to end
int core_sleep(lua_State* L);
/// core.time_ago(span) -> the text of that instant before the start of the step, whole seconds
int core_time_ago(lua_State* L);
/// core.time_unix(text) or (row, column) -> seconds since 1970; nil of NULL
int core_time_unix(lua_State* L);
/// core.time_iso(seconds) -> text; of a number or an exact one
int core_time_iso(lua_State* L);

/// The start of the step in seconds since 1970; the clock where no step runs.
[[nodiscard]] double step_seconds(const struct context& ctx);

}  // namespace luamig::bindings
