#pragma once

#include <lua.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::bindings {

/// Calls a function of the stdlib's `luamig.autogenerate` with the globals of env.lua (a reference,
/// or LUA_NOREF where there is none) and these texts; it gives a list of texts. Errors are as of
/// script_host::consult.
[[nodiscard]] std::vector<std::string> ask_autogenerate(lua_State* L, int environment,
                                                        std::string_view function,
                                                        const std::vector<std::string>& given);

}  // namespace luamig::bindings
