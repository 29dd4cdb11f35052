#pragma once

#include <lua.hpp>

#include "engine/row_writer.hpp"

namespace luamig::bindings {

/// core.write_rows(target, file?) -> writer. target: table (as SQL), name, columns, list (they as
/// SQL), plain (a boolean for each: one that a row leaves out is NULL) and rules (of each:
/// "integer", "number", "boolean" or ""). With a file, whose lines the rows are, a row that does
/// not fit is a rejected line. writer:put(row) -> boolean: a table by names; false where it has
/// other columns, and nothing is written; writer:put_list(values, number) their values in order;
/// writer:settle() writes what is in hand; writer:finish() -> how many rows are in the table
int core_write_rows(lua_State* L);
/// Makes their metatable. // -
void open_row_writers(lua_State* L);
/// The writer at `index`. Throws error{errc::migration} for anything else.
[[nodiscard]] engine::row_intake& row_writer_at(lua_State* L, int index);

}  // namespace luamig::bindings
