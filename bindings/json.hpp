#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string_view>

namespace luamig::bindings {

/// Decoded JSON in Lua. An array is a list with a metatable of its own. An object is a table of its
/// members whose metatable, its shape, holds their order; objects with the same keys in the same
/// order share one. A shape's list part is { keys, keys as spelled, mark }.
enum shape_field : int { shape_keys = 1, shape_spelled = 2, shape_mark = 3 };

/// Makes the cache of shapes. // -
void open_json(lua_State* L);

/// Whether the table at `index` is a JSON object, a JSON array. Raises nothing.
[[nodiscard]] bool is_json_object(lua_State* L, int index);
[[nodiscard]] bool is_json_array(lua_State* L, int index);

/// Pushes what the token of context.json stands for, in the text that was scanned. Twice the same
/// key in one object is an error. // value
void push_json(lua_State* L, std::string_view text, std::uint32_t token);

/// Adds the JSON of a Lua value to context.json.text. Throws error{errc::migration} that says where
/// in the value the fault is. Raises: nothing with a destructor may be alive.
void append_json(lua_State* L, int index, const char* word);

/// core.json_decode(text) -> value
int core_json_decode(lua_State* L);
/// core.json_encode(value) -> text
int core_json_encode(lua_State* L);
/// core.json_at(text, key or position…) or (row, column, key or position…) -> value, null or nil
int core_json_at(lua_State* L);
/// core.json_set(text, key or position…, value), or of a row's column -> text
int core_json_set(lua_State* L);
/// core.json_kind(value) -> "object" | "array" | nil
int core_json_kind(lua_State* L);
/// core.install_json(make, array): make(keys, spelled, mark) gives a shape, or nothing and the
/// position of a key that stands there twice; the metatable of arrays
int core_install_json(lua_State* L);

}  // namespace luamig::bindings
