#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.captured_assignment(fn) -> name, line, helper?: the first variable from outside of `fn`
/// that `fn` assigns, or a function within it, or one of the same file that it has captured, which
/// is named then; nothing where there is none, or where `fn` is not Lua's.
int core_captured_assignment(lua_State* L);

}  // namespace luamig::bindings
