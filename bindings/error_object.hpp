#pragma once

#include <lua.hpp>

#include "base/error.hpp"
#include "bindings/context.hpp"

namespace luamig::bindings {

/// The one error as Lua sees it: a userdata with the fields code, message, kind, sql, sqlstate,
/// table, column, constraint, hint, file, line, and about_row, true where the database has refused
/// one row; tostring gives "file:line: message". It crosses host to Lua to host unharmed.

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

/// Raises the error that is pending. Never returns.
int raise_pending(lua_State* L);

/// What a failed lua_pcall left on top, as the host's error: pops it. What has stopped the script
/// is that, whatever the script made of it (stopping.hpp).
[[nodiscard]] error take_error(lua_State* L, int status);

}  // namespace luamig::bindings
