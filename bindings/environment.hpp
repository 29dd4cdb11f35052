#pragma once

#include <lua.hpp>
#include <string>

#include "bindings/context.hpp"

namespace luamig::bindings {

/// Pushes a fresh environment ("migration", "env"); luamig.environment is loaded with the first.
void push_environment(lua_State* L, const char* kind);

/// Compiles text (never bytecode) into a function whose globals are the environment at
/// `environment`; false leaves Lua's message instead. // function | message
bool compile(lua_State* L, const std::string& source, const char* chunk, int environment);

/// core.compile(source, chunk, environment) -> function | nil, message
int core_compile(lua_State* L);
/// core.caller_environment(): that of the nearest function of the user's, else of the running file.
int core_caller_environment(lua_State* L);
/// core.current_environment(): that of the file that is loaded or run.
int core_current_environment(lua_State* L);
/// core.in_main_chunk(): the nearest frame of the user's is the top level of a file.
int core_in_main_chunk(lua_State* L);
/// core.install_environment(metatable, new): what environments are known by, and their maker.
int core_install_environment(lua_State* L);
/// core.called(fn, …) -> true, its result | false, error object: for the top level of a library.
/// It counts as a C function that calls Lua.
int core_called(lua_State* L);

}  // namespace luamig::bindings
