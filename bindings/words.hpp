#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.fail(message, hint?): an error at the migration's own line. Never returns.
int core_fail(lua_State* L);
/// core.log(level, text): control bytes escaped, capped per line and per run.
int core_log(lua_State* L);
/// core.worked(what, rows, total?, rows of this run, seconds): how far an operation on many rows
/// has come
int core_worked(lua_State* L);
/// core.nearest(word, list) -> text | nil
int core_nearest(lua_State* L);
/// core.context() -> { revision, message, file, direction, dialect, url, transactional, is_offline,
/// tag }
int core_context(lua_State* L);
/// core.x(name) -> the -x argument of that name, the last one given, or nil
int core_x(lua_State* L);
/// core.secret(name) -> the value of that name of [secrets], hidden in what is printed from then on
int core_secret(lua_State* L);
/// core.now() -> the clock of the step in seconds
int core_getenv(lua_State* L);
/// core.runs_programs(): an UPDATE of SQLite can call the function of a backfill
int core_runs_programs(lua_State* L);
int core_now(lua_State* L);
/// core.has_session(): a function of the file runs, beside a database
int core_has_session(lua_State* L);
/// core.has_module("luamig.json") -> boolean
int core_has_module(lua_State* L);

/// Pushes what a script may know of its step. // table
void push_step(lua_State* L, const struct context& ctx);

}  // namespace luamig::bindings
