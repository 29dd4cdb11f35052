#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// C functions that call Lua may stand on one another this deep: endless nesting of coroutines,
/// gsub, sort or pcall would overflow the C stack.
constexpr int most_depth = 180;

/// A script's pcall and xpcall: what a failed call did to the database is undone. The savepoint is
/// opened only when the call reaches the database. An interrupt and an exceeded limit go on up, and
/// so does an error of the database that no savepoint cures.
int word_pcall(lua_State* L);
int word_xpcall(lua_State* L);
/// core.try(fn, …) -> true, … | false, error object (whatever was raised)
int core_try(lua_State* L);
/// core.transaction(fn, …) -> …; an error undoes what it did and goes on up
int core_transaction(lua_State* L);
/// core.rebuild(fn): fn makes a table of SQLite anew; what that needs is put back on every way out
int core_rebuild(lua_State* L);

/// core.counted(fn) -> fn that counts as one such C function: for gsub, sort, coroutine.wrap …
int core_counted(lua_State* L);
/// As `core.counted`, for coroutine.resume: it catches errors, so the uncatchable ones go on up.
int core_counted_resume(lua_State* L);

/// The call that these are: function, arguments… -> results… or error. Returns the status of
/// lua_pcall; `handler` is a stack index.
[[nodiscard]] int call_in_savepoint(lua_State* L, int arguments, int handler);

/// Counts one more; raises where it is too deep. Whoever catches errors puts context.depth back.
void count_depth(lua_State* L);

}  // namespace luamig::bindings
