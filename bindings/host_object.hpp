#pragma once

#include <lua.hpp>
#include <span>

namespace luamig::bindings {

/// Makes the metatable of userdata with these methods, the last of them null, and keeps it in
/// `reference`. Scripts do not see it. // -
void make_class(lua_State* L, std::span<const luaL_Reg> methods, int& reference);

/// What the userdata at `index` holds; null where its metatable is not that of `reference`. Raises
/// nothing.
[[nodiscard]] void* object_at(lua_State* L, int index, int reference);

}  // namespace luamig::bindings
