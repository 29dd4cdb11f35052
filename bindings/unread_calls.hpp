#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string_view>
#include <vector>

namespace luamig::bindings {

/// The lines of a dump of lua_dump, in order, on which methods or fields of this name are called
/// and no result of them is used. Empty for a dump of another version than LuaJIT 2.1 writes.
[[nodiscard]] std::vector<std::uint32_t> lines_of_unread_calls(std::string_view dump,
                                                               std::string_view name);

/// Notes the lines on which the chunk on top calls `execute` and uses no result of it.
void note_unread_calls(lua_State* L, const char* chunk);

/// Asked by what db:execute calls: whether the user's code has called db:execute itself, in its own
/// file, and does not use what it returns. Raises nothing.
[[nodiscard]] bool is_unread_call(lua_State* L);

}  // namespace luamig::bindings
