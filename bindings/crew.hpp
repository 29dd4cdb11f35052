#pragma once

#include <lua.hpp>

namespace luamig::bindings {

// Processes that do the ranges of one step beside each other (engine/step_keeper.hpp,
// worker/crew.hpp).

/// core.why_not_apart() -> nothing where the step under way may be done so, else why not
int core_why_not_apart(lua_State* L);
/// core.crew(what, count, numbers, work, watch): forks so many processes, each with a session of
/// its own, that call work(number) and end. Here watch() is called meanwhile, again and again.
/// `numbers`: what core.shared begins with. The first error of one of them, and the end of one that
/// was killed, is raised once all have ended: the others end what they do.
int core_crew(lua_State* L);
/// core.shared(at, add) -> number: one of those that all of them see, from 1, after the addition
int core_shared(lua_State* L);
/// core.crew_ends() -> boolean: whether nothing more is to be taken up
int core_crew_ends(lua_State* L);

}  // namespace luamig::bindings
