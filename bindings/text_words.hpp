#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// The words of `text`. Each takes a text, or a row and the name of its column; of NULL it is nil.

/// core.text_lower(text) -> text
int core_text_lower(lua_State* L);
/// core.text_upper(text) -> text
int core_text_upper(lua_State* L);
/// core.text_len(text) -> code points
int core_text_len(lua_State* L);
/// core.text_truncate(text, most) -> text
int core_text_truncate(lua_State* L);
/// core.text_split(text, separator) -> a function: the next field, nil at the end
int core_text_split(lua_State* L);
/// core.text_of(word, text) or (word, row, column) -> text or nil, and what follows
int core_text_of(lua_State* L);

}  // namespace luamig::bindings
