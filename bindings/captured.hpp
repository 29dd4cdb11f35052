#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.captured_assignment(fn) -> name, line, helper?: the first variable from outside of `fn`
/// that `fn` assigns, or a function within it, or one of the same file that it has captured, which
/// is named then; nothing where there is none, or where `fn` is not Lua's.
int core_captured_assignment(lua_State* L);
/// core.captured_change(fn) -> name, line, helper?: the same for the first table from outside that
/// they change.
int core_captured_change(lua_State* L);
/// core.captured_stream(fn) -> name: a variable that `fn` has captured, and that goes on from call
/// to call: rows of a query or a file, a coroutine.
int core_captured_stream(lua_State* L);

}  // namespace luamig::bindings
