#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "db/sqlite_policy.hpp"

struct sqlite3;
namespace SQLite {
class Database;
}

namespace luamig::db {

/// Opens the file, or memory. Throws error{errc::connection} that says what is missing; a missing
/// file has kind "missing_database".
[[nodiscard]] std::unique_ptr<SQLite::Database> open_sqlite_file(const url& where,
                                                                 const open_options& how);

/// Whether the log beside the file (WAL mode) holds anything.
[[nodiscard]] bool log_holds_something(const url& where);

/// Throws error{errc::config} for an extension that cannot be loaded.
void load_sqlite_extensions(sqlite3* on, const std::vector<std::string>& extensions);

/// Reads the file's first page. Throws error{errc::connection} when it is no database, encrypted or
/// damaged, error{errc::lock} when another process holds it for longer than the wait.
void require_sqlite_database(sqlite3* on, const url& where);

/// Makes the file where it is missing. Returns whether it made it. Throws as `open_sqlite_file`.
bool create_sqlite_file(const url& where);

/// Prepares the statement without running it. What cannot be prepared yet (its table is missing) is
/// told by its first word.
[[nodiscard]] statement_facts inspect_sqlite(sqlite3* on, sqlite_policy& policy,
                                             std::string_view sql);

/// Cuts a text at the semicolons that end statements, by sqlite3_complete: CREATE TRIGGER … BEGIN
/// …; END; is one.
[[nodiscard]] std::vector<std::string_view> split_sqlite(std::string_view text);

}  // namespace luamig::db
