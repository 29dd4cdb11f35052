#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.csv_rows(path, delimiter, columns?) -> a function: the next line as a strict row of texts,
/// nil at the end. The file lies beneath the migrations directory, and no link is followed on the
/// way. Without `columns` its first line names them.
int core_csv_rows(lua_State* L);

}  // namespace luamig::bindings
