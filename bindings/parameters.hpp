#pragma once

#include <lua.hpp>
#include <string_view>

#include "db/parameters.hpp"

namespace luamig::bindings {

/// The parameters of a statement: a list gives positions, a table with names (or a row) gives
/// names, a list under a name spreads inside IN (…). nil and none give none. Throws
/// error{errc::migration} for a hole, a nil, a value without a type, names and positions mixed.
/// Raises no error of Lua's: it makes nothing in Lua.
[[nodiscard]] db::parameters to_parameters(lua_State* L, int index);

/// Throws where a text holds a number as `..` spells it from 10^14 on (1.2345678901235e+14),
/// outside quotes and comments: digits were lost before the text was made.
void refuse_rounded_number(std::string_view sql, db::engine kind);

}  // namespace luamig::bindings
