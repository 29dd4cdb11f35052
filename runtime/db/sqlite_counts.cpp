// Debian's SQLite has it; the header shows it on demand.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "db/sqlite_counts.hpp"

#include <sqlite3.h>

#include <exception>
#include <utility>

namespace luamig::db {

namespace {

constexpr int pages_before_spill = 65'536;

}  // namespace

void sqlite_counts::install(sqlite3* on) {
  sqlite3_preupdate_hook(
      on,
      [](void* self, sqlite3* at, int action, const char* database, const char* table,
         sqlite3_int64 before,
         sqlite3_int64 after) { on_change(self, at, action, database, table, before, after); },
      this);
}

row_changes& sqlite_counts::of(std::string_view table) {
  if (last_ < changes_.size() && changes_[last_].table == table) return changes_[last_];
  for (last_ = 0; last_ < changes_.size(); ++last_) {
    if (changes_[last_].table == table) return changes_[last_];
  }
  return changes_.emplace_back(row_changes{std::string(table)});
}

/// Without memory for the name of a table there is nothing to count in: C code must not see it.
void sqlite_counts::on_change(void* self, sqlite3*, int action, const char* database,
                              const char* table, std::int64_t, std::int64_t) noexcept {
  if (std::string_view(database) != "main") return;
  if (std::string_view(table).starts_with("sqlite_")) return;
  try {
    row_changes& changed = static_cast<sqlite_counts*>(self)->of(table);
    if (action == SQLITE_INSERT) ++changed.inserted;
    if (action == SQLITE_UPDATE) ++changed.updated;
    if (action == SQLITE_DELETE) ++changed.deleted;
  } catch (const std::exception&) {
    return;
  }
}

std::vector<row_changes> sqlite_counts::take() {
  last_ = 0;
  return std::exchange(changes_, {});
}

void never_change_file(sqlite3* on, bool log_holds) {
  sqlite3_db_config(on, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, log_holds ? 1 : 0, nullptr);
  const std::string spill = "PRAGMA cache_spill = " + std::to_string(pages_before_spill);
  sqlite3_exec(on, spill.c_str(), nullptr, nullptr, nullptr);
}

}  // namespace luamig::db
