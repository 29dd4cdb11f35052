#pragma once

#include <string>
#include <string_view>

#include "db/row_target.hpp"
#include "db/rows.hpp"

struct sqlite3_stmt;

namespace luamig::db {

/// Binds one cell, whose bytes must live until the statement is reset. Returns why it does not fit:
/// a text that is not what the column holds, and what SQLite would not give back; "" when it fits.
[[nodiscard]] std::string bind_cell(sqlite3_stmt* to, int at, const row_block& rows, const cell& c,
                                    column_rule rule);

}  // namespace luamig::db
