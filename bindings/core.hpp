#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// Pushes luamig.core: everything Lua can ask of C++, one table. // core
void push_core(lua_State* L);

}  // namespace luamig::bindings
