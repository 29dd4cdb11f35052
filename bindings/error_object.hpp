#pragma once

#include <lua.hpp>

#include "base/error.hpp"
#include "bindings/context.hpp"

namespace luamig::bindings {

/// The one error as Lua sees it: a userdata with the fields code, message, kind, sql, sqlstate,
/// table, column, constraint, hint, file, line; tostring gives "file:line: message". It crosses
/// host to Lua to host unharmed.

/// Makes the metatable. // -
void open_error_object(lua_State* L);
/// Pushes a copy as an error object. // error
void push_error(lua_State* L, const error& e);
/// The error at `index`, or null when the value is no error object.
[[nodiscard]] error* to_error(lua_State* L, int index) noexcept;

/// core.error(fields) -> error object: { message = …, kind = …, … }, as a script can read them
int core_error(lua_State* L);

/// Turns the value on top, whatever a script raised, into an error object, and gives it its place.
/// No metamethod of the value is called: a table is "error object is a table (no message)".
int message_handler(lua_State* L);

/// What a failed lua_pcall left on top, as the host's error: pops it. A refused allocation and an
/// interrupt are that, whatever the script made of them.
[[nodiscard]] error take_error(lua_State* L, int status);

/// A script may not catch these: the interrupt of a run and an exceeded limit.
[[nodiscard]] bool is_uncatchable(lua_State* L, int status) noexcept;
/// Raises the uncatchable error that the state is in. Never returns.
int raise_uncatchable(lua_State* L);

/// The hook that an interrupt or an exceeded limit arms. It stays armed, so that swallowing pcalls
/// end too, unless a collection brings the memory back below its limit.
void stop_hook(lua_State* L, lua_Debug* frame);
/// Takes the hook away, but for an interrupt that waits.
void disarm(context& ctx) noexcept;

}  // namespace luamig::bindings
