// The half of the version store that looks after the books: whether the tables are what they should
// be, whether what was written is what is there, and who stands in the way.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "db/parameters.hpp"
#include "engine/book_shape.hpp"
#include "engine/plain_path.hpp"
#include "engine/version_store.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view history_name = "luamig_history";

constexpr std::string_view sqlite_look =
    "SELECT m.name = ?1, m.type, lower(c.name) FROM main.sqlite_schema AS m LEFT JOIN "
    "pragma_table_info(CASE m.type WHEN 'table' THEN m.name END, 'main') AS c "
    "WHERE m.type IN ('table', 'view') AND m.name IN (?1, ?2)";

constexpr std::string_view postgres_look =
    "WITH s AS (SELECT coalesce(nullif($1::text, ''), current_schema()) AS name), "
    "t AS (SELECT place, columns, to_regclass(quote_ident(s.name) || '.' || quote_ident(called)) "
    "AS oid FROM s, (VALUES (1, $2::text, '{version_num}'::text[]), (2, $3::text, $4::text[])) "
    "AS v (place, called, columns)) "
    "SELECT s.name, EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = s.name), "
    "CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' "
    "WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'relation of another "
    "kind' END, c.oid IS NOT NULL, coalesce(t.oid::oid::bigint, 0), "
    "coalesce(pg_catalog.pg_relation_filenode(t.oid)::bigint, 0), "
    "coalesce((SELECT string_agg(n, ', ') FROM unnest(t.columns) AS n WHERE NOT EXISTS (SELECT "
    "FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = t.oid AND a.attname = n AND "
    "a.attnum > 0)), '') "
    "FROM s, t LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.oid ORDER BY t.place";

constexpr std::string_view sqlite_guards =
    "SELECT 'trigger', name, CASE lower(tbl_name) WHEN lower(?1) THEN 1 WHEN lower(?2) THEN 2 "
    "ELSE 3 END FROM main.sqlite_schema WHERE type = 'trigger' "
    "AND lower(tbl_name) IN (lower(?1), lower(?2), lower(?3)) ORDER BY name";

constexpr std::string_view postgres_guards =
    "SELECT kind, name, CASE of WHEN to_regclass($1) THEN 1 WHEN to_regclass($2) THEN 2 "
    "ELSE 3 END::bigint FROM ("
    "SELECT 'trigger', tgname::text, tgrelid FROM pg_catalog.pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled <> 'D' UNION ALL "
    "SELECT 'rule', rulename::text, ev_class FROM pg_catalog.pg_rewrite "
    "WHERE ev_enabled <> 'D' AND rulename <> '_RETURN' UNION ALL "
    "SELECT 'row level security', '', oid FROM pg_catalog.pg_class WHERE relrowsecurity) "
    "AS g (kind, name, of) WHERE of IN (to_regclass($1), to_regclass($2), to_regclass($3)) "
    "ORDER BY kind, name";

std::vector<std::string> history_needs() {
  std::vector<std::string> names = text::split(history_columns, ',');
  for (std::string& name : names) name = std::string(text::trim(name));
  names.emplace_back("id");
  return names;
}

array as_array(const std::vector<std::string>& texts) {
  array a;
  for (const std::string& text : texts) a.items.emplace_back(text);
  return a;
}

const std::string& text_of(const value& v) { return std::get<std::string>(v); }

/// Something on one of the books that can change what is written there.
struct guard {
  std::string kind;
  std::string name;
  std::string table;

  [[nodiscard]] std::string described() const {
    return (name.empty() ? kind : "the " + kind + " '" + name + "'") + " on " + table;
  }
  [[nodiscard]] std::string cure(bool postgresql) const {
    if (name.empty()) return "ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY";
    return (kind == "rule" ? "DROP RULE " : "DROP TRIGGER ") + text::sql_identifier(name) +
           (postgresql ? " ON " + table : "");
  }
};

/// What a database says where the books themselves are wrong, and not its state or the others.
bool blames_table(const luamig::error& e) {
  constexpr std::array kinds{"missing_table", "missing_column", "not_null", "check",
                             "unique",        "foreign_key",    "raised",   "invalid_value"};
  constexpr std::string_view has_rule = "0A000";
  return e.sqlstate == has_rule || std::find(kinds.begin(), kinds.end(), e.kind) != kinds.end();
}

/// What it was about was a statement of luamig's, of which nobody needs to know.
void replace(luamig::error& e, const luamig::error& by) {
  e.code = by.code;
  e.message = by.message;
  e.hint = by.hint;
  for (std::string* of_the_statement :
       {&e.sql, &e.sqlstate, &e.kind, &e.table, &e.column, &e.constraint}) {
    of_the_statement->clear();
  }
}

}  // namespace

/// Learns the schema and what is there under the books' names, in one round trip.
void version_store::look() {
  version_ = history_ = {};
  return postgresql() ? look_postgres() : look_sqlite();
}

void version_store::look_sqlite() {
  std::vector<std::string> version_lacks{"version_num"};
  std::vector<std::string> history_lacks = history_needs();
  for (const auto& row :
       db::all(on_, sqlite_look,
               std::array{value(where_.version_table), value(std::string(history_name))})) {
    const bool is_version = row[0] == value(std::int64_t{1});
    (is_version ? version_ : history_).kind = text_of(row[1]);
    if (!row[2].is_null()) std::erase(is_version ? version_lacks : history_lacks, text_of(row[2]));
  }
  version_.lacks = text::join(version_lacks, ", ");
  history_.lacks = text::join(history_lacks, ", ");
}

void version_store::look_postgres() {
  const auto found =
      db::all(on_, postgres_look,
              std::array{value(where_.schema), value(where_.version_table),
                         value(std::string(history_name)), value(as_array(history_needs()))});
  if (found[0][0].is_null() || found[0][1] == value(false)) {
    throw error(errc::config,
                where_.schema.empty()
                    ? "the search_path names no schema that exists"
                    : "the schema '" + where_.schema + "' of version_table_schema does not exist",
                where_.schema.empty() ? "set version_table_schema in luamig.toml"
                                      : "CREATE SCHEMA " + text::sql_identifier(where_.schema));
  }
  where_.schema = text_of(found[0][0]);
  for (const std::size_t at : {0U, 1U}) {
    book_table& table = at == 0 ? version_ : history_;
    if (found[at][3] == value(true)) table.kind = text_of(found[at][2]);
    table.id = std::get<std::int64_t>(found[at][at == 0 ? 4 : 5]);
    table.lacks = text_of(found[at][6]);
  }
}

std::optional<luamig::error> version_store::damage_of(const book_table& table) const {
  const bool is_version = &table == &version_;
  const std::string& name = is_version ? sql_.version_table() : sql_.history_table();
  const std::string other_name = "set version_table in luamig.toml to another name, or ";
  if (!table.there()) return std::nullopt;
  if (table.kind != "table") {
    return luamig::error(errc::integrity,
                         "luamig keeps its books in tables, and " + name + " is a " + table.kind,
                         (is_version ? other_name : "") + "rename or drop that " + table.kind);
  }
  if (table.lacks.empty()) return std::nullopt;
  if (is_version) {
    return luamig::error(
        errc::integrity,
        "the table " + name + " is no version table: it has no column " + table.lacks,
        other_name + "rename that table");
  }
  return luamig::error(errc::integrity,
                       "the table " + name + " is no history: it has no column " + table.lacks,
                       "put that back, or rename the table, and luamig makes a new one");
}

void version_store::require_whole(const book_table& table) const {
  if (const auto damage = damage_of(table)) throw luamig::error(*damage);
}

bool version_store::has_history() {
  if (!history_.there()) look();
  require_whole(history_);
  return history_.there();
}

void version_store::created() {
  for (book_table* table : {&version_, &history_}) {
    table->kind = "table";
    table->lacks.clear();
  }
}

void version_store::check_deferred() {
  if (postgresql()) on_.enqueue(check_deferred_sql);
}

/// Every row of the version table, and the server's counters of what this transaction did to
/// the history, so that its size costs nothing; a TRUNCATE is not counted, but gives it another
/// file. The message is not constant, or it would be folded.
void version_store::verify(const std::vector<std::string>& expected) {
  if (!postgresql()) {
    if (rows() != sorted(expected)) throw books_moved();
    return;
  }
  const auto same = [](const std::string& name, std::int64_t oid) {
    const std::string now = "pg_catalog.to_regclass(" + text::sql_string(name) + ")";
    if (oid != 0) return now + "::oid = " + std::to_string(oid);
    return "(SELECT relkind IN ('r', 'p') FROM pg_catalog.pg_class WHERE oid = " + now + ")";
  };
  const std::string history = "(" + text::sql_string(sql_.history_table()) + "::regclass)";
  const std::string file = history_.id == 0 ? same(sql_.history_table(), 0)
                                            : "pg_catalog.pg_relation_filenode" + history + " = " +
                                                  std::to_string(history_.id);
  take_plain_path(on_);
  on_.enqueue(
      "SELECT CASE WHEN coalesce(array_agg(version_num::text ORDER BY version_num::text "
      "COLLATE \"C\"), '{}') = $1::text[] AND " +
          same(sql_.version_table(), version_.id) + " AND " + file +
          " AND pg_catalog.pg_stat_get_xact_tuples_updated" + history +
          " + pg_catalog.pg_stat_get_xact_tuples_deleted" + history + " = 0 THEN 1 ELSE ('" +
          std::string(moved_mark) + "' || count(*))::int END FROM " + sql_.version_table(),
      std::array{value(as_array(sorted(expected)))});
  put_path_back(on_);
}

bool version_store::concerns(const luamig::error& e) const {
  if (says_books_moved(e) || says_shape_moved(e)) return true;
  const auto names = [&](const std::string& table) {
    return e.sql.find(table) != std::string::npos;
  };
  // Whatever a script runs has a line.
  return e.code == errc::sql && e.line == 0 && blames_table(e) &&
         (names(sql_.version_table()) || names(sql_.history_table()));
}

bool version_store::name_damage(luamig::error& e, std::string_view by) {
  if (says_shape_moved(e)) return replace(e, put_on_books(e, by)), true;
  look();
  for (const book_table* table : {&version_, &history_}) {
    if (const auto damage = damage_of(*table)) return replace(e, *damage), true;
  }
  std::vector<guard> guards;
  for (const auto& row : db::all(
           on_, postgresql() ? postgres_guards : sqlite_guards,
           postgresql() ? std::array{value(sql_.version_table()), value(sql_.history_table()),
                                     value(sql_.progress_table())}
                        : std::array{value(where_.version_table), value(std::string(history_name)),
                                     value(std::string("luamig_progress"))})) {
    const std::string& table = row[2] == value(std::int64_t{1})   ? sql_.version_table()
                               : row[2] == value(std::int64_t{2}) ? sql_.history_table()
                                                                  : sql_.progress_table();
    guards.push_back({text_of(row[0]), text_of(row[1]), table});
  }
  const std::string cause = says_books_moved(e) ? "" : ": " + e.message;
  if (guards.empty() && cause.empty()) return false;
  if (guards.empty()) {
    replace(e, {errc::integrity, "luamig's own tables refuse what luamig writes" + cause,
                "mend " + sql_.version_table() + " and " + sql_.history_table() +
                    ", or take out of the " + std::string(by) +
                    " what changes them by SQL that it builds in the "
                    "database"});
    return true;
  }
  std::vector<std::string> who;
  std::vector<std::string> cures;
  for (const guard& g : guards) {
    who.push_back(g.described());
    cures.push_back(g.cure(postgresql()));
  }
  replace(e, {errc::integrity,
              "luamig's own tables do not keep what luamig writes: there is " +
                  text::join(who, ", ") + cause,
              text::join(cures, "; ") + "; then run the same command again"});
  return true;
}

void version_store::blame(luamig::error& e, std::string_view by) const {
  replace(e, {errc::migration,
              "the " + std::string(by) +
                  " itself changed luamig's own tables, by SQL that it built in the database",
              "take that out of the " + std::string(by) + ": luamig alone writes " +
                  sql_.version_table() + " and " + sql_.history_table()});
}

}  // namespace luamig::engine
