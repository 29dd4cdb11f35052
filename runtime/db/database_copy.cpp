#include "db/database_copy.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/file.hpp"
#include "db/postgres_copy_database.hpp"
#include "db/sqlite_counts.hpp"
#include "db/sqlite_error.hpp"
#include "db/sqlite_open.hpp"

namespace luamig::db {
namespace {

namespace fs = std::filesystem;

fs::path make_directory() {
  std::error_code why;
  const fs::path base = fs::temp_directory_path(why);
  std::string name = ((why ? fs::path("/tmp") : base) / "luamig-copy-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) return name;
  throw error(errc::config, "cannot make '" + name + "': " + std::strerror(errno),
              "TMPDIR names a directory with room for the copy");
}

void remove_directory(const fs::path& directory) noexcept {
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

/// In one go, as the database stands now; others may read and write it meanwhile.
void back_up(sqlite3* from, sqlite3* to, const url& of) {
  sqlite3_backup* const work = sqlite3_backup_init(to, "main", from, "main");
  int code = SQLITE_ERROR;
  if (work != nullptr) {
    code = sqlite3_backup_step(work, -1);
    sqlite3_backup_finish(work);
  }
  if (code == SQLITE_DONE) return;
  throw error(errc::connection, "cannot copy '" + of.shown + "': " + sqlite3_errstr(code),
              "TMPDIR names a directory with room for the copy");
}

}  // namespace

/// Once this has come to its end, the destructor cleans up, whatever the copying throws.
database_copy::database_copy(const url& of, std::string_view what) : where_(of) {
  where_.shown += what;
  if (of.kind == engine::sqlite) {
    directory_ = make_directory();
    where_.file = directory_ / "copy.db";
    guard_ = std::make_unique<guardian>([directory = directory_] { remove_directory(directory); });
  } else {
    where_.instead = name_of_copy();
    guard_ = std::make_unique<guardian>([copy = where_] { drop_postgres_copy_at_last(copy); });
  }
}

database_copy::database_copy(const url& of, const open_options& how)
    : database_copy(of, " (a copy)") {
  of.kind == engine::sqlite ? copy_sqlite(of, how) : make_postgres_copy(of, where_.instead);
}

/// A file of SQLite is made by whoever opens it.
database_copy::database_copy(empty, const url& beside) : database_copy(beside, " (empty)") {
  if (beside.kind != engine::sqlite) make_empty_postgres(beside, where_.instead);
}

database_copy::~database_copy() {
  if (where_.kind == engine::sqlite) {
    remove_directory(directory_);
  } else {
    drop_postgres_copy(where_);
  }
}

void database_copy::copy_sqlite(const url& of, const open_options& how) {
  if (of.file.empty() || file::is_missing(of.file)) {
    // Where no file can be made either, a run would end with that.
    if (!of.file.empty() && !file::is_directory(of.file.parent_path())) {
      static_cast<void>(open_sqlite_file(of, how));
    }
    return;
  }
  open_options reading = how;
  reading.create = false;
  const bool log_holds = log_holds_something(of);
  const auto from = open_sqlite_file(of, reading);
  sqlite3_busy_timeout(from->getHandle(), static_cast<int>(how.busy_wait.count()));
  never_change_file(from->getHandle(), log_holds);
  require_sqlite_database(from->getHandle(), of);
  open_options making;
  making.create = true;
  const auto to = open_sqlite_file(where_, making);
  back_up(from->getHandle(), to->getHandle(), of);
}

}  // namespace luamig::db
