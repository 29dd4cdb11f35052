#include "db/sqlite_error.hpp"

#include <sqlite3.h>

#include <array>

#include "db/checks.hpp"

namespace luamig::db {

namespace {

struct code_kind {
  int code;
  std::string_view kind;
};

constexpr std::array<code_kind, 11> by_extended_code = {{
    {SQLITE_CONSTRAINT_UNIQUE, "unique"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "unique"},
    {SQLITE_CONSTRAINT_ROWID, "unique"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "foreign_key"},
    {SQLITE_CONSTRAINT_NOTNULL, "not_null"},
    {SQLITE_CONSTRAINT_CHECK, "check"},
    {SQLITE_CONSTRAINT_TRIGGER, "raised"},
    {SQLITE_CONSTRAINT_DATATYPE, "invalid_value"},
    {SQLITE_CONSTRAINT_COMMITHOOK, "lost_transaction"},
    {SQLITE_IOERR_NOMEM, "memory"},
    {SQLITE_READONLY_DBMOVED, "io"},
}};

constexpr std::array<code_kind, 17> by_code = {{
    {SQLITE_BUSY, "locked"},
    {SQLITE_LOCKED, "in_use"},
    {SQLITE_NOMEM, "memory"},
    {SQLITE_READONLY, "read_only"},
    {SQLITE_INTERRUPT, "interrupted"},
    {SQLITE_IOERR, "io"},
    {SQLITE_CORRUPT, "corrupt"},
    {SQLITE_FULL, "full"},
    {SQLITE_CANTOPEN, "io"},
    {SQLITE_TOOBIG, "too_big"},
    {SQLITE_CONSTRAINT, "constraint"},
    {SQLITE_MISMATCH, "invalid_value"},
    {SQLITE_AUTH, "refused"},
    {SQLITE_RANGE, "parameters"},
    {SQLITE_NOTADB, "not_a_database"},
    {SQLITE_SCHEMA, "schema_changed"},
    {SQLITE_PROTOCOL, "locked"},
}};

/// SQLite says these with the general code: the message begins, or ends, like this.
struct message_kind {
  std::string_view begin;
  std::string_view end;
  std::string_view kind;
  std::string error::*named = nullptr;  // what stands between them
};

constexpr std::array<message_kind, 17> by_message = {{
    {"no such table: ", "", "missing_table", &error::table},
    {"no such view: ", "", "missing_table", &error::table},
    {"no such column: ", "", "missing_column", &error::column},
    {"no such index: ", "", "missing_object"},
    {"no such trigger: ", "", "missing_object"},
    {"no such function: ", "", "missing_function"},
    {"no such collation sequence: ", "", "missing_object"},
    {"no such savepoint: ", "", "missing_object"},
    {"duplicate column name: ", "", "column_exists", &error::column},
    {"table ", " already exists", "table_exists", &error::table},
    {"view ", " already exists", "table_exists", &error::table},
    {"there is already ", "", "table_exists"},
    {"index ", " already exists", "table_exists"},
    {"trigger ", " already exists", "object_exists"},
    {"near ", ": syntax error", "syntax"},
    {"incomplete input", "", "syntax"},
    {"unrecognized token: ", "", "syntax"},
}};

bool begins(std::string_view s, std::string_view with) { return s.substr(0, with.size()) == with; }
bool ends(std::string_view s, std::string_view with) {
  return s.size() >= with.size() && s.substr(s.size() - with.size()) == with;
}

/// "users.email", "main.users" or "users.a, users.b": the table once, the columns in a list.
void set_columns(error& e, std::string_view names) {
  while (!names.empty()) {
    const std::string_view one = names.substr(0, names.find(", "));
    const std::size_t dot = one.rfind('.');
    if (dot != std::string_view::npos) e.table = one.substr(0, dot);
    if (!e.column.empty()) e.column += ", ";
    e.column += one.substr(dot == std::string_view::npos ? 0 : dot + 1);
    names.remove_prefix(std::min(names.size(), one.size() + 2));
  }
}

void set_constraint_fields(error& e, std::string_view message) {
  const std::size_t colon = message.find(" constraint failed: ");
  if (colon == std::string_view::npos) return;
  const std::string_view rest = message.substr(colon + 20);
  if (begins(rest, "index '") && ends(rest, "'")) {
    e.constraint = rest.substr(7, rest.size() - 8);
  } else if (e.kind == "check") {
    e.constraint = rest;
  } else {
    set_columns(e, rest);
  }
}

void set_message_fields(error& e, std::string_view message) {
  for (const message_kind& m : by_message) {
    if (!begins(message, m.begin) || !ends(message, m.end)) continue;
    e.kind = m.kind;
    if (m.named == nullptr) return;
    const std::string_view name =
        message.substr(m.begin.size(), message.size() - m.begin.size() - m.end.size());
    e.*m.named = name.substr(m.named == &error::table && begins(name, "main.") ? 5 : 0);
    return;
  }
  const std::size_t has = message.find(" has no column named ");
  if (has == std::string_view::npos || !begins(message, "table ")) return;
  e.kind = "missing_column";
  e.table = message.substr(6, has - 6);
  e.column = message.substr(has + 21);
}

void set_kind(error& e, int code) {
  for (const code_kind& known : by_code) {
    if (known.code == (code & 0xff)) e.kind = known.kind;
  }
  for (const code_kind& known : by_extended_code) {
    if (known.code == code) e.kind = known.kind;
  }
}

std::string hint_for(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
      return std::string(locked_hint);
    case SQLITE_FULL:
      return "free space on the disk, then run the same command again";
    case SQLITE_CORRUPT:
      return "restore a backup; `PRAGMA integrity_check` says what is damaged";
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return "check the rights on the file and its directory";
    case SQLITE_LOCKED:
      return "a loop over its rows is still open";
    default:
      return "";
  }
}

}  // namespace

error sqlite_error(int code, std::string_view message, std::string_view sql) {
  error e{(code & 0xff) == SQLITE_BUSY ? errc::lock : errc::sql, std::string(message),
          hint_for(code)};
  e.sql = sql;
  e.sqlstate = std::to_string(code);
  set_kind(e, code);
  if ((code & 0xff) == SQLITE_CONSTRAINT) set_constraint_fields(e, message);
  if ((code & 0xff) == SQLITE_ERROR) set_message_fields(e, message);
  const sqlite3_int64 most = sqlite3_hard_heap_limit64(-1);
  if (e.kind == "memory" && most > 0) {
    e.message = "the statement needs more than the " +
                in_megabytes(static_cast<std::size_t>(most)) + " of memory that SQLite may take";
    e.hint = "raise [limits] memory in luamig.toml: SQLite may take twice that and 512 MB";
  }
  return e;
}

error sqlite_error(sqlite3* on, std::string_view sql) {
  return sqlite_error(sqlite3_extended_errcode(on), sqlite3_errmsg(on), sql);
}

}  // namespace luamig::db
