#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.execute(text, params?) -> rows affected
int core_execute(lua_State* L);
/// core.emit(sql, comment?) -> rows affected
int core_emit(lua_State* L);
/// core.open(text, params?, opts?, streaming) -> cursor
int core_open(lua_State* L);
int core_quote(lua_State* L);
int core_ident(lua_State* L);
int core_dialect(lua_State* L);
int core_is_offline(lua_State* L);
int core_server_version(lua_State* L);

}  // namespace luamig::bindings
