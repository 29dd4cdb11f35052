#include "db/sqlite_open.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "db/sqlite_error.hpp"

namespace luamig::db {

namespace {

namespace fs = std::filesystem;

error cannot_open(const url& where, const std::string& why, std::string hint) {
  return {errc::connection, "cannot open '" + where.shown + "': " + why, std::move(hint)};
}

void require_place(const url& where, bool create) {
  std::error_code ignored;
  if (fs::is_directory(where.file, ignored)) {
    throw cannot_open(where, "'" + where.file.string() + "' is a directory", "name a file in it");
  }
  if (!file::is_missing(where.file)) {
    if (!fs::is_other(where.file, ignored)) return;
    throw cannot_open(where, "'" + where.file.string() + "' is a FIFO, device or socket",
                      "name a file");
  }
  const fs::path folder = where.file.parent_path();
  if (!fs::is_directory(folder, ignored)) {
    error e = cannot_open(where, "the directory '" + folder.string() + "' does not exist",
                          "make it, or correct the URL");
    if (!create) e.kind = "missing_database";
    throw error{std::move(e)};
  }
  if (create) return;
  error e = cannot_open(where, "'" + where.file.string() + "' does not exist",
                        "luamig upgrade --create-db makes it");
  e.kind = "missing_database";
  throw error{std::move(e)};
}

int open_flags(const open_options& how, bool memory) {
  if (how.read_only && !memory) return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  const int create = how.create || memory ? SQLITE_OPEN_CREATE : 0;
  return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | create;
}

}  // namespace

std::unique_ptr<SQLite::Database> open_sqlite_file(const url& where, const open_options& how) {
  const bool memory = where.file.empty();
  if (!memory) require_place(where, how.create);
  try {
    return std::make_unique<SQLite::Database>(
        memory ? std::string(":memory:") : where.file.string(), open_flags(how, memory));
  } catch (const SQLite::Exception& e) {
    throw cannot_open(where, e.getErrorStr(), "check the rights on the file and its directory");
  }
}

bool log_holds_something(const url& where) {
  if (where.file.empty()) return false;
  std::error_code missing;
  const auto bytes = fs::file_size(where.file.string() + "-wal", missing);
  return !missing && bytes > 0;
}

void load_sqlite_extensions(sqlite3* on, const std::vector<std::string>& extensions) {
  if (extensions.empty()) return;
  sqlite3_db_config(on, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, nullptr);
  for (const std::string& name : extensions) {
    char* reason = nullptr;
    const int code = sqlite3_load_extension(on, name.c_str(), nullptr, &reason);
    const std::string why = reason == nullptr ? "" : reason;
    sqlite3_free(reason);
    if (code != SQLITE_OK) {
      throw error{errc::config, "cannot load the SQLite extension '" + name + "': " + why,
                  "correct [sqlite] extensions in luamig.toml"};
    }
  }
  sqlite3_db_config(on, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
}

void require_sqlite_database(sqlite3* on, const url& where) {
  const int code = sqlite3_exec(on, "PRAGMA schema_version", nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return;
  const std::string why = sqlite3_errmsg(on);
  error e = cannot_open(where, why, "");
  switch (code & 0xff) {
    case SQLITE_NOTADB:
      e.kind = "not_a_database";
      e.hint = "the file is something else, or an encrypted database";
      break;
    case SQLITE_CORRUPT:
      e.kind = "corrupt";
      e.hint = "restore a backup";
      break;
    case SQLITE_BUSY:
      e.code = errc::lock;
      e.kind = "locked";
      e.hint = locked_hint;
      break;
    default:
      e.kind = "io";
      e.hint = "check the rights on the file and its directory";
  }
  e.sqlstate = std::to_string(code);
  throw error{std::move(e)};
}

bool create_sqlite_file(const url& where) {
  if (where.file.empty() || !file::is_missing(where.file)) return false;
  open_options how;
  how.create = true;
  const auto made = open_sqlite_file(where, how);
  require_sqlite_database(made->getHandle(), where);
  return true;
}

}  // namespace luamig::db
