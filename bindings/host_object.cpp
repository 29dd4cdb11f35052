#include "bindings/host_object.hpp"

#include "bindings/context.hpp"

namespace luamig::bindings {

void make_class(lua_State* L, std::span<const luaL_Reg> methods, int& reference) {
  lua_createtable(L, 0, static_cast<int>(methods.size()) + 1);
  luaL_setfuncs(L, methods.data(), 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  reference = luaL_ref(L, LUA_REGISTRYINDEX);
}

void* object_at(lua_State* L, int index, int reference) {
  void* const object = lua_touserdata(L, index);
  if (object == nullptr || lua_getmetatable(L, index) == 0) return nullptr;
  push(L, reference);
  const bool ours = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return ours ? object : nullptr;
}

}  // namespace luamig::bindings
