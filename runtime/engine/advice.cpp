#include "engine/advice.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "db/lexer.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view postgres_tables =
    "SELECT c.relname FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relname NOT LIKE 'luamig\\_%'"
    " AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'"
    " ORDER BY c.relname COLLATE \"C\"";
constexpr std::string_view postgres_columns =
    "SELECT a.attname FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
    " WHERE c.relname = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
constexpr std::string_view postgres_constraints =
    "SELECT k.conname FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid"
    " WHERE c.relname = $1 ORDER BY k.conname COLLATE \"C\"";
constexpr std::string_view postgres_indexes =
    "SELECT c.relname FROM pg_catalog.pg_class AS c"
    " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('i', 'I') AND n.nspname <> 'pg_catalog' AND n.nspname NOT LIKE 'pg\\_t%'"
    " ORDER BY c.relname COLLATE \"C\"";
constexpr std::string_view sqlite_tables =
    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'luamig\\_%' ESCAPE '\\'"
    " ORDER BY name";
constexpr std::string_view sqlite_indexes =
    "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name";
constexpr std::string_view sqlite_columns =
    "SELECT name FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid";

std::vector<std::string> names(db::connection& on, std::string_view query,
                               std::string_view table = {}) {
  std::vector<value> values;
  if (!table.empty()) values.emplace_back(std::string(table));
  std::vector<std::string> list;
  for (const auto& row : db::all(on, query, values)) {
    if (const auto* name = std::get_if<std::string>(&row.front())) list.push_back(*name);
  }
  return list;
}

/// What stands in double quotes: both engines name things so, in every language.
std::vector<std::string> names_said(std::string_view message) {
  std::vector<std::string> list;
  for (std::size_t at = message.find('"'); at != std::string_view::npos;
       at = message.find('"', at + 1)) {
    const std::size_t end = message.find('"', at + 1);
    if (end == std::string_view::npos) break;
    list.emplace_back(message.substr(at + 1, end - at - 1));
    at = end;
  }
  return list;
}

/// "crm.users" → "users".
std::string bare(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// The words and quoted names of a statement, as they may stand in a catalog.
std::vector<std::string> names_in(std::string_view sql, db::engine kind) {
  std::vector<std::string> list;
  db::lexer tokens{sql, kind};
  while (const auto t = tokens.next()) {
    if (t->what == db::token::sort::word) list.push_back(text::lower_ascii(t->text));
    if (t->what == db::token::sort::quoted && t->text.size() > 2)
      list.emplace_back(t->text.substr(1, t->text.size() - 2));
  }
  return list;
}

/// The columns of every table that a statement names: most errors say no table.
std::vector<std::string> columns_of(db::connection& on, std::string_view sql) {
  const bool sqlite = on.kind() == db::engine::sqlite;
  const std::vector<std::string> said = names_in(sql, on.kind());
  std::vector<std::string> list;
  for (const std::string& table : names(on, sqlite ? sqlite_tables : postgres_tables)) {
    const bool named = std::find(said.begin(), said.end(), table) != said.end() ||
                       std::find(said.begin(), said.end(), text::lower_ascii(table)) != said.end();
    if (!named) continue;
    for (std::string& column : names(on, sqlite ? sqlite_columns : postgres_columns, table))
      list.push_back(std::move(column));
  }
  return list;
}

/// Every name of one letter is near every other one. A name that is there after all was renamed or
/// dropped by what has been rolled back.
void suggest(error& e, const std::string& word, const std::vector<std::string>& candidates) {
  if (word.size() < 3) return;
  if (std::find(candidates.begin(), candidates.end(), word) != candidates.end()) return;
  const std::string near = text::did_you_mean(word, candidates);
  if (!near.empty() && e.message.find("did you mean") == std::string::npos) e.message += near;
}

bool drops_index(const error& e) {
  return e.kind == "missing_object" && e.sql.starts_with("DROP INDEX");
}

void advise_postgres(db::connection& on, error& e) {
  const std::vector<std::string> said = names_said(e.message);
  if (said.empty()) return;
  if (e.kind == "missing_table") {
    suggest(e, bare(said[0]), names(on, postgres_tables));
  } else if (e.kind == "missing_column" && e.hint.empty()) {
    suggest(e, said[0],
            said.size() > 1 ? names(on, postgres_columns, said[1]) : columns_of(on, e.sql));
  } else if (e.kind == "missing_object" && said.size() > 1) {
    suggest(e, said[0], names(on, postgres_constraints, said[1]));
  } else if (drops_index(e)) {
    suggest(e, bare(said[0]), names(on, postgres_indexes));
  }
}

void advise_sqlite(db::connection& on, error& e) {
  if (e.kind == "missing_table") {
    suggest(e, bare(e.table), names(on, sqlite_tables));
  } else if (e.kind == "missing_column") {
    const std::vector<std::string> said = names_said(e.message);
    suggest(e, bare(said.empty() ? e.column : said[0]),
            e.table.empty() ? columns_of(on, e.sql) : names(on, sqlite_columns, e.table));
  } else if (drops_index(e)) {
    suggest(e, bare(e.message.substr(e.message.rfind(' ') + 1)), names(on, sqlite_indexes));
  }
}

/// PostgreSQL says "contains null values" only when a column becomes NOT NULL.
bool is_unfilled(const error& e) {
  return e.kind == "not_null" && e.sql.find("ALTER TABLE") != std::string::npos;
}

std::string cure_of_unfilled(db::connection& on, const error& e) {
  for (const std::string& column : names(on, postgres_columns, e.table)) {
    if (column == e.column) {
      return "fill it first: op.execute(\"UPDATE " + e.table + " SET " + e.column + " = … WHERE " +
             e.column + " IS NULL\")";
    }
  }
  return "give it a server_default, or add it nullable, fill it by op.execute, and then "
         "op.alter_column with { nullable = false }";
}

/// The type that a column of CREATE or ALTER TABLE names and that is not there; "" for another
/// error.
std::string missing_type(const error& e) {
  const std::vector<std::string> said = names_said(e.message);
  const bool makes_column = e.sql.find("TABLE ") != std::string::npos &&
                            e.message.find("constraint") == std::string::npos;
  return e.kind == "missing_object" && said.size() == 1 && makes_column ? bare(said[0]) : "";
}

}  // namespace

void advise(db::connection& on, error& e) {
  if (on.kind() == db::engine::sqlite) return advise_sqlite(on, e);
  advise_postgres(on, e);
  if (!e.hint.empty()) return;
  if (is_unfilled(e)) {
    e.hint = cure_of_unfilled(on, e);
  } else if (const std::string type = missing_type(e); !type.empty()) {
    e.hint = "if it is an enum, make it first: op.create_enum(\"" + type + "\", { … })";
  }
}

}  // namespace luamig::engine
