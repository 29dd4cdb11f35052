#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.database(name): opens the second database of that name for the rest of the step
int core_database(lua_State* L);
/// core.within(name, fn, …) -> what fn(…) returns: while it runs, core.open, core.look,
/// core.dialect and the like ask the second database
int core_within(lua_State* L);

}  // namespace luamig::bindings
