#pragma once

#include <lua.hpp>
#include <string_view>

#include "bindings/context.hpp"

namespace luamig::bindings {

/// Chunk names: "@versions/ab12.lua", "@lib/names.lua", "@env.lua" are the user's,
/// "@luamig/op.lua" the stdlib's; a text given to load() has no file.
[[nodiscard]] bool is_user_chunk(const char* source) noexcept;

/// Where the user's nearest frame stands; line 0 when there is none on this stack. Never raises.
[[nodiscard]] place user_place(lua_State* L);

/// Where a message that Lua made ("versions/a.lua:3: text") belongs, and the message without that
/// prefix. A line of the stdlib's tells a user nothing: then, and without a prefix, the user's
/// nearest frame.
[[nodiscard]] place place_of_message(lua_State* L, std::string_view& message);

}  // namespace luamig::bindings
