#pragma once

#include <lua.hpp>

namespace luamig::bindings {

/// core.undo_table(make) -> table, project, began. The book of before-images as SQL writes it, with
/// `make` made where it is missing, else nothing; the project whose part of it is this run's (the
/// name of its version table); when the revision began, in milliseconds since 1970, which tells one
/// application of it from the next.
int core_undo_table(lua_State* L);

/// core.execute_keeping(pieces) -> rows. As core.execute with pieces, and the statement may change
/// the rows of luamig_undo.
int core_execute_keeping(lua_State* L);

/// core.write_undo(pieces) -> rows. The same for a statement whose rows are none of the script's.
int core_write_undo(lua_State* L);

}  // namespace luamig::bindings
