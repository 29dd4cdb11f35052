#pragma once

#include <lua.hpp>

#include "bindings/context.hpp"

namespace luamig::bindings {

/// The session of the run, in whose process second databases are. Throws error{errc::migration}
/// where that is another one.
[[nodiscard]] engine::session& main_session(const context& ctx);

/// core.database(name): opens the second database of that name for the rest of the run
int core_database(lua_State* L);
/// core.within(name, fn, …) -> what fn(…) returns: while it runs, core.open, core.look,
/// core.dialect and the like ask the second database
int core_within(lua_State* L);

}  // namespace luamig::bindings
