#include "db/sqlite_tables.hpp"

#include <sqlite3.h>

#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/parameters.hpp"
#include "db/sqlite_error.hpp"
#include "db/sqlite_policy.hpp"

namespace luamig::db {

namespace {

bool flag(sqlite3* on, int which) noexcept {
  int value = 0;
  sqlite3_db_config(on, which, -1, &value);
  return value != 0;
}

void set_flag(sqlite3* on, int which, bool value) noexcept {
  sqlite3_db_config(on, which, value ? 1 : 0, nullptr);
}

/// Lets the catalog be written for as long as it lives.
class open_catalog {
 public:
  explicit open_catalog(sqlite3* on) : on_(on) {
    set_flag(on_, SQLITE_DBCONFIG_WRITABLE_SCHEMA, true);
  }
  ~open_catalog() { set_flag(on_, SQLITE_DBCONFIG_WRITABLE_SCHEMA, false); }
  open_catalog(const open_catalog&) = delete;
  open_catalog& operator=(const open_catalog&) = delete;

 private:
  sqlite3* on_;
};

struct finalizer {
  void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};

std::unique_ptr<sqlite3_stmt, finalizer> prepare(sqlite3* on, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(on, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  return std::unique_ptr<sqlite3_stmt, finalizer>(raw);
}

std::int64_t schema_version(sqlite3* on, const std::string& schema) {
  const auto s = prepare(on, "PRAGMA " + schema + ".schema_version");
  return s && sqlite3_step(s.get()) == SQLITE_ROW ? sqlite3_column_int64(s.get(), 0) : 0;
}

}  // namespace

std::string stored_text::update() const {
  return "UPDATE " + text::sql_identifier(schema) +
         ".sqlite_schema SET sql = " + literal(value(sql), engine::sqlite) +
         " WHERE type = 'table' AND name = " + literal(value(table), engine::sqlite);
}

void sqlite_tables::begin_rebuild() {
  if (defers_violation()) {
    throw error{errc::sql, "a deferred foreign key is violated at this moment",
                "a table is made anew only while every foreign key holds: mend the rows first, or "
                "change the table before them"};
  }
  foreign_keys_ = flag(on_, SQLITE_DBCONFIG_ENABLE_FKEY);
  legacy_ = flag(on_, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE);
  rebuilding_ = true;
  set_flag(on_, SQLITE_DBCONFIG_ENABLE_FKEY, false);
  set_flag(on_, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, true);
}

void sqlite_tables::end_rebuild() noexcept {
  if (!rebuilding_) return;
  rebuilding_ = false;
  set_flag(on_, SQLITE_DBCONFIG_ENABLE_FKEY, foreign_keys_);
  set_flag(on_, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, legacy_);
}

void sqlite_tables::run(const std::string& sql) {
  policy_.begin_step(sqlite_policy::mode::host, sql);
  if (sqlite3_exec(on_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw sqlite_error(on_, sql);
  }
}

void sqlite_tables::rewrite(const stored_text& as) {
  if (policy_.is_protected(as.table)) {
    error e{errc::sql,
            "a script may not change '" + as.table + "', which is one of luamig's own tables"};
    e.kind = "refused";
    throw e;
  }
  rewritten_ = true;
  {
    const open_catalog writable{on_};
    run(as.update());
  }
  // Everybody, this connection too, reads the schema anew; only then it is known to be readable.
  const std::string schema = text::sql_identifier(as.schema);
  run("PRAGMA " + schema + ".schema_version = " + std::to_string(schema_version(on_, schema) + 1));
  run("PRAGMA writable_schema = RESET");
  const std::string probe = "SELECT * FROM " + schema + "." + text::sql_identifier(as.table);
  policy_.begin_step(sqlite_policy::mode::host, probe);
  if (!prepare(on_, probe)) throw sqlite_error(on_, as.update());
}

void sqlite_tables::rolled_back() noexcept {
  if (!rewritten_) return;
  policy_.begin_step(sqlite_policy::mode::host, "");
  sqlite3_exec(on_, "PRAGMA writable_schema = RESET", nullptr, nullptr, nullptr);
}

bool sqlite_tables::defers_violation() const noexcept { return db::defers_violation(on_); }

std::string sqlite_tables::problem(std::string_view sql) {
  policy_.begin_step(sqlite_policy::mode::look, sql);
  return prepare(on_, sql) ? "" : sqlite3_errmsg(on_);
}

}  // namespace luamig::db
