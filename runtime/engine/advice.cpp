#include "engine/advice.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

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
constexpr std::string_view sqlite_tables =
    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'luamig\\_%' ESCAPE '\\'"
    " ORDER BY name";
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

/// The table of an ALTER TABLE, as the dialects write it; "" for any other statement. RENAME COLUMN
/// fails without naming it.
std::string altered_table(std::string_view sql) {
  constexpr std::string_view begin = "ALTER TABLE ";
  if (sql.substr(0, begin.size()) != begin) return "";
  const std::string_view rest = sql.substr(begin.size());
  std::string name = bare(std::string(rest.substr(0, rest.find(' '))));
  if (name.size() > 1 && name.front() == '"') name = name.substr(1, name.size() - 2);
  return name;
}

/// Every name of one letter is near every other one.
void suggest(error& e, const std::string& word, const std::vector<std::string>& candidates) {
  if (word.size() < 3) return;
  const std::string near = text::did_you_mean(word, candidates);
  if (!near.empty() && e.message.find("did you mean") == std::string::npos) e.message += near;
}

void advise_postgres(db::connection& on, error& e) {
  const std::vector<std::string> said = names_said(e.message);
  if (said.empty()) return;
  if (e.kind == "missing_table") {
    suggest(e, bare(said[0]), names(on, postgres_tables));
  } else if (e.kind == "missing_column") {
    const std::string table = said.size() > 1 ? said[1] : altered_table(e.sql);
    if (!table.empty()) suggest(e, said[0], names(on, postgres_columns, table));
  } else if (e.kind == "missing_object" && said.size() > 1) {
    suggest(e, said[0], names(on, postgres_constraints, said[1]));
  }
}

void advise_sqlite(db::connection& on, error& e) {
  if (e.kind == "missing_table") {
    suggest(e, bare(e.table), names(on, sqlite_tables));
  } else if (e.kind == "missing_column") {
    const std::vector<std::string> said = names_said(e.message);
    const std::string table = e.table.empty() ? altered_table(e.sql) : e.table;
    if (table.empty()) return;
    suggest(e, said.empty() ? e.column : said[0], names(on, sqlite_columns, table));
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
