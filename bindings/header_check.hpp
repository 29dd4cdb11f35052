#pragma once

#include <lua.hpp>
#include <string_view>

#include "graph/plan.hpp"
#include "script/script_directory.hpp"

namespace luamig::bindings {

/// Compares what the run file set, in the table at `index` (its environment, or what it returned),
/// with the header that was read without running it. Throws error{errc::script} with the line of
/// the name that differs.
void compare_header(lua_State* L, int index, const script::script& script);

/// Throws error{errc::script} unless upgrade and verify, where the file has one (or downgrade,
/// where the header does not say irreversible), are functions.
void check_functions(lua_State* L, int index, const script::script& script, graph::direction way);

}  // namespace luamig::bindings
