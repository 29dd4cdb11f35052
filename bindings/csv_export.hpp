#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.csv_create(path, delimiter, null, replaces) -> file beneath the migrations directory:
/// file:line(values, count) writes a list of values as one line; file:rows(cursor) all that is left
/// of a cursor, and gives how many rows; file:make_lines(cursor, fn, names) -> seen, written, more:
/// the rows from the next one on that the host can write without calling `fn`, and whether the
/// cursor has come to one that it cannot: cursor:current(); file:finish() lets it take its place
/// after the COMMIT, and one that is left without it is removed.
int core_csv_create(lua_State* L);
/// Makes their metatable. // -
void open_csv_exports(lua_State* L);

}  // namespace luamig::bindings
