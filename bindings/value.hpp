#pragma once

#include <cstdint>
#include <lua.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/number.hpp"
#include "base/value.hpp"
#include "bindings/context.hpp"
#include "db/rows.hpp"

namespace luamig::bindings {

/// Makes the metatables of null, blob and array and the table that holds equal exact numbers as
/// one object. // -
void open_values(lua_State* L);

/// What a value is for luamig: "null", "exact", "blob", "array", "int64" (a 1LL or 1ULL), or the
/// name of its Lua type.
[[nodiscard]] std::string_view kind_of(lua_State* L, int index);

/// The digits of an exact object, or "" when the value is none; they live as long as the object.
/// Raises nothing.
[[nodiscard]] std::string_view digits_of(lua_State* L, int index);
/// The digits of a 1LL or 1ULL; "" for any other value. Raises nothing.
[[nodiscard]] std::string int64_digits(lua_State* L, int index);

/// Pushes an integer: a plain number below 10^14, the one exact object from there on. // value
void push_integer(lua_State* L, std::int64_t i);
/// Pushes the exact object of these canonical digits. // value
void push_exact(lua_State* L, std::string_view digits);
/// As push_exact, but an integer without a point follows the rule of push_integer. // value
void push_number(lua_State* L, std::string_view digits);
void push_null(lua_State* L);
/// NULL becomes nil. An array's items are values in turn, its NULLs `null`. // value
void push_value(lua_State* L, const value& v);
/// One cell as push_value does, without a detour. // value
void push_cell(lua_State* L, const db::row_block& block, const db::cell& c);

/// A Lua value as an SQL value. Throws error{errc::migration} for nil (the cure is `null`), for an
/// integral number that may have lost digits (2^53 … 2^63), a table that is no array, a function.
/// `what` names the value in messages: "parameter 'id'". Raises nothing.
[[nodiscard]] value to_value(lua_State* L, int index, std::string_view what);
/// A text becomes bytes, and so do the texts of an array.
void make_bytes(value& v);
/// Throws error{errc::migration} for bytes that a column which is none for them is given.
void refuse_blob(const value& v, std::string_view column);
/// The items of a Lua list; throws for a hole or a key below 1, naming it, and for arrays within
/// arrays beyond 6. Raises nothing.
[[nodiscard]] std::vector<value> to_list(lua_State* L, int index, std::string_view what);
/// Whether a table is a list: number keys only. The empty table is one.
[[nodiscard]] bool is_list(lua_State* L, int index);

/// core.exact(text | integral number) -> exact value, or a plain number below 10^14
int core_exact(lua_State* L);
/// core.blob(bytes) -> blob
int core_blob(lua_State* L);
/// core.array(list) -> array with n
int core_array(lua_State* L);
/// core.type(value) -> as kind_of
int core_type(lua_State* L);
/// core.is_null(value): nil or null
int core_is_null(lua_State* L);
/// core.arithmetic("add" | "sub" | "mul" | "div" | "round", a, b?, places?) -> exact value
int core_arithmetic(lua_State* L);
/// core.compare(a, b) -> below zero, zero or above it
int core_compare(lua_State* L);
/// core.digits(value) -> the digits of an exact object; nothing for any other value
int core_digits(lua_State* L);
/// core.install_exact(make): what makes a new, empty exact object
int core_install_exact(lua_State* L);

}  // namespace luamig::bindings
