#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.sha256(text) -> 64 hexadecimal digits. This and the four below take a row and a column too;
/// of NULL they are nil.
int core_sha256(lua_State* L);
/// core.hex(bytes) -> text, core.unhex(text) -> bytes
int core_hex(lua_State* L);
int core_unhex(lua_State* L);
/// core.base64(bytes) -> text, core.unbase64(text) -> bytes
int core_base64(lua_State* L);
int core_unbase64(lua_State* L);
/// core.hmac(key, text) -> 64 hexadecimal digits
int core_hmac(lua_State* L);
/// core.seal(key, bytes) -> base64, core.unseal(key, text) -> bytes
int core_seal(lua_State* L);
int core_unseal(lua_State* L);
/// core.password(text) -> "$argon2id$…"
int core_password(lua_State* L);
/// core.random(count) -> bytes
int core_random(lua_State* L);
/// core.uuid4() and core.uuid7() -> text
int core_uuid4(lua_State* L);
int core_uuid7(lua_State* L);

}  // namespace luamig::bindings
