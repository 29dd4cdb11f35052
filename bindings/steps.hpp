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
/// core.keep_part(record, reverse?): commits what has been done of the step under way, which goes
/// on. `reverse`: the operation that undoes all its parts so far
int core_keep_part(lua_State* L);
/// core.keep_ranges(record, reverse, records): the same, and the step has these ranges from now on;
/// none: what they have counted is its own
int core_keep_ranges(lua_State* L);
/// core.range_of_step(number) -> the record of a range as it is committed
int core_range_of_step(lua_State* L);
/// core.keep_range(number, record): commits what has been done of a range
int core_keep_range(lua_State* L);
/// core.try_part(fn) -> true, … | false, error object: what an error left undone since the last
/// part is rolled back, and the step goes on. An interrupt and an exceeded limit go on up.
int core_try_part(lua_State* L);
/// core.undo_part(): rolls back what has been done since the last part
int core_undo_part(lua_State* L);
/// core.control() -> paused, batch: what the run is asked to do meanwhile (engine/control.hpp); no
/// batch: as the revision says. Between two parts.
int core_control(lua_State* L);
/// core.reject(table, key, changes, error): keeps a row that the step under way leaves out, in its
/// transaction. `key` and `changes` are JSON; changes "": there are none
int core_reject(lua_State* L);
/// core.run_step(fn) -> result: fn gives the record (nil: the step was none), the operation that
/// undoes it ("") and the result. An error undoes the step and
/// goes on up.
int core_run_step(lua_State* L);

}  // namespace luamig::bindings
