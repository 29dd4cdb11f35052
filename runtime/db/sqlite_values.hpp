#pragma once

#include <cstddef>

#include "db/rows.hpp"

struct sqlite3_stmt;
struct sqlite3_value;

namespace luamig::db {

/// The column `at` of a statement that has been stepped, with its kind by the declared type.
[[nodiscard]] column sqlite_column(sqlite3_stmt* of, int at);

/// Adds the cell `at` of the present row, and returns how many bytes it brought. An integer of 0 or
/// 1 in a column declared boolean is a boolean.
std::size_t add_sqlite_cell(sqlite3_stmt* from, int at, cell_kind declared, row_block& into);
/// As add_sqlite_cell, an argument of a function, as a view until the function is over.
void add_sqlite_argument(sqlite3_value* from, cell_kind declared, row_block& into);

}  // namespace luamig::db
