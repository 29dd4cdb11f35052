#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

struct sqlite3;

namespace luamig::db {

/// What helps where another process holds the database.
inline constexpr std::string_view locked_hint =
    "another process holds the database: wait for it, or set lock_wait in luamig.toml to more";

/// The last error of this connection, with the kind, table, column and constraint that SQLite's
/// message tells.
[[nodiscard]] error sqlite_error(sqlite3* on, std::string_view sql);

/// As above from an extended code and SQLite's message.
[[nodiscard]] error sqlite_error(int code, std::string_view message, std::string_view sql);

}  // namespace luamig::db
