#pragma once

#include <lua.hpp>

namespace luamig::bindings {

// The steps of a durable revision (engine/step_keeper.hpp).

/// core.takes_steps() -> boolean: whether the next call is a step
int core_takes_steps(lua_State* L);
/// core.begin_step(label, asked, reads, block) -> the record of a step that is done; or nothing: it
/// has begun, and core.run_step is to follow
int core_begin_step(lua_State* L);
/// core.touched() -> boolean: whether the step under way has reached the database
int core_touched(lua_State* L);
/// core.begun_before() -> boolean: whether the step under way was begun by an earlier attempt,
/// outside a transaction, and may have been done
int core_begun_before(lua_State* L);
/// core.part_of_step() -> the record of the last part of the step under way that was committed, or
/// nothing
int core_part_of_step(lua_State* L);
/// core.keep_part(record): commits what has been done of the step under way, which goes on
int core_keep_part(lua_State* L);
/// core.run_step(fn) -> result: fn gives the record (nil: the step was none), the operation that
/// undoes it ("") and the result. An error undoes the step and
/// goes on up.
int core_run_step(lua_State* L);

}  // namespace luamig::bindings
