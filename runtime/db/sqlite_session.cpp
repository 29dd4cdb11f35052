// What lasts longer than a statement: foreign keys, referents of a table, temporary objects.

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/lexer.hpp"
#include "db/sqlite.hpp"

namespace luamig::db {

namespace {

/// Acts as the host for a while.
class host_speaks {
 public:
  explicit host_speaks(authority& who) : who_(who), before_(who) { who_ = authority::host; }
  ~host_speaks() { who_ = before_; }
  host_speaks(const host_speaks&) = delete;
  host_speaks& operator=(const host_speaks&) = delete;

 private:
  authority& who_;
  authority before_;
};

constexpr std::string_view referents_sql =
    "SELECT DISTINCT m.name FROM sqlite_schema m, pragma_foreign_key_list(m.name) f "
    "WHERE m.type = 'table' AND lower(f.\"table\") = lower(?1) AND lower(m.name) <> lower(?1) "
    "ORDER BY m.name";

constexpr std::string_view orphans_sql =
    "SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check LIMIT 3";

constexpr std::string_view temporary_sql =
    "SELECT type, name FROM sqlite_temp_schema WHERE type IN ('table', 'view', 'trigger') "
    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type = 'table'";

}  // namespace

void sqlite_connection::set_foreign_keys(bool on) {
  sqlite3_db_config(database_->getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, nullptr);
}

bool sqlite_connection::foreign_keys_on() const {
  int on = 0;
  sqlite3_db_config(database_->getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
  return on != 0;
}

/// The PRAGMA does nothing inside a transaction; sqlite3_db_config works there (measured on 3.40
/// and 3.53).
void sqlite_connection::switch_foreign_keys(const sqlite_statement& s) {
  std::string last;
  lexer tokens{s.text, engine::sqlite};
  while (const auto t = tokens.next()) {
    if (t->what != token::sort::space && t->text != ";") last = text::lower_ascii(t->text);
  }
  set_foreign_keys(last == "on" || last == "1" || last == "true" || last == "yes");
}

std::string sqlite_connection::referents(const std::string& table) {
  const host_speaks host{who_};
  std::string out;
  const value name{table};
  for (const std::vector<value>& row : all(*this, referents_sql, std::span(&name, 1))) {
    if (!out.empty()) out += ", ";
    out += "'" + std::get<std::string>(row.front()) + "'";
  }
  return out;
}

/// At COMMIT SQLite does not say which.
void sqlite_connection::name_orphans(error& e) {
  const host_speaks host{who_};
  std::string found;
  for (const std::vector<value>& row : all(*this, orphans_sql)) {
    found += (found.empty() ? "rows of '" : ", of '") + std::get<std::string>(row[0]) +
             "' refer to none of '" + std::get<std::string>(row[1]) + "'";
  }
  if (!found.empty()) e.message += " (" + found + ")";
}

void sqlite_connection::refuse_drop_of_referenced(const sqlite_statement& s) {
  for (const std::string& table : s.seen.dropped_tables) {
    const std::string found = referents(table);
    if (found.empty()) continue;
    error e{errc::sql, "'" + table + "' is referenced by foreign keys of " + found,
            "SQLite would delete or orphan their rows: drop those tables first, or use "
            "op.drop_table with cascade = true"};
    e.sql = s.text;
    e.kind = "referenced";
    e.table = table;
    throw error{std::move(e)};
  }
}

/// Before the first statement that sets it, for some PRAGMAs act while they are prepared.
void sqlite_connection::keep_setting(const std::string& name) {
  if (kept_settings_.contains(name)) return;
  const host_speaks host{who_};
  const std::optional<value> now = scalar(*this, "PRAGMA " + name);
  const auto* number = now ? std::get_if<std::int64_t>(&*now) : nullptr;
  // case_sensitive_like does not say what it is; it begins as 0.
  kept_settings_.emplace(name, std::to_string(number == nullptr ? 0 : *number));
}

void sqlite_connection::put_settings_back() noexcept {
  for (const auto& [name, before] : kept_settings_) {
    // SQLite would forget the violation. COMMIT looks at it, and then puts the setting back itself.
    const bool needed = name == "defer_foreign_keys" && defers_violation(database_->getHandle());
    if (needed) continue;
    const std::string sql = "PRAGMA " + name + " = " + before;
    policy_.begin_step(sqlite_policy::mode::host, "");
    sqlite3_exec(database_->getHandle(), sql.c_str(), nullptr, nullptr, nullptr);
  }
  kept_settings_.clear();
}

void sqlite_connection::reset_session() {
  set_foreign_keys(options_.foreign_keys);
  sqlite3_db_config(database_->getHandle(), SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, nullptr);
  if (!temporary_) return;
  const host_speaks host{who_};
  for (const std::vector<value>& row : all(*this, temporary_sql)) {
    execute("DROP " + std::get<std::string>(row[0]) + " IF EXISTS temp." +
                text::sql_identifier(std::get<std::string>(row[1])),
            {});
  }
  temporary_ = false;
}

}  // namespace luamig::db
