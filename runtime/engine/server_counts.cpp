#include "engine/server_counts.hpp"

#include <array>

#include "base/text.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view relations_sql =
    "SELECT c.oid::bigint, CASE WHEN n.nspname = $1 THEN '' ELSE quote_ident(n.nspname) || '.' END "
    "|| quote_ident(c.relname), c.relkind IN ('i', 'I'), coalesce(i.indrelid::bigint, 0), "
    "coalesce(pg_catalog.pg_relation_filenode(c.oid)::bigint, 0), "
    "pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), "
    "pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), "
    "pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) "
    "FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid "
    "WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND c.relpersistence <> 't' AND n.nspname NOT "
    "LIKE "
    "'pg\\_%' AND n.nspname <> 'information_schema' AND NOT (n.nspname = $1 AND "
    "(coalesce(t.relname, c.relname) LIKE 'luamig\\_%' OR coalesce(t.relname, c.relname) = $2))";

constexpr std::string_view locks_sql =
    "SELECT DISTINCT l.relation::bigint, l.mode FROM pg_catalog.pg_locks AS l WHERE l.pid = "
    "pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.mode <> "
    "'AccessShareLock'";

constexpr std::string_view wal_sql =
    "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 ELSE pg_catalog.pg_wal_lsn_diff("
    "pg_catalog.pg_current_wal_insert_lsn(), '0/0')::bigint END";

constexpr std::string_view sequences_sql =
    "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value FROM "
    "pg_catalog.pg_sequences WHERE schemaname NOT LIKE 'pg\\_%' AND sequencename NOT LIKE "
    "'luamig\\_%'";

constexpr std::string_view truncated_sql =
    "WITH RECURSIVE t(oid) AS (SELECT pg_catalog.to_regclass(n)::oid FROM unnest($1::text[]) AS n "
    "UNION SELECT d.oid FROM (SELECT conrelid, confrelid FROM pg_catalog.pg_constraint WHERE $2 "
    "AND contype = 'f' UNION ALL SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits WHERE $3) "
    "AS d (oid, above) JOIN t ON t.oid = d.above) SELECT t.oid::bigint, t.oid::regclass::text FROM "
    "t JOIN pg_catalog.pg_class AS c ON c.oid = t.oid WHERE c.relkind = 'r'";

std::int64_t number(const value& v) {
  const auto* n = std::get_if<std::int64_t>(&v);
  return n == nullptr ? 0 : *n;
}

/// "AccessExclusiveLock" as LOCK TABLE writes it: "ACCESS EXCLUSIVE".
std::string written(std::string_view mode) {
  if (mode.ends_with("Lock")) mode.remove_suffix(4);
  std::string out;
  for (const char c : mode) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += ' ';
    out += upper ? c : static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

}  // namespace

server_counts read_server_counts(db::connection& on, const books& own) {
  server_counts now;
  const std::array values{value(own.schema), value(own.version_table)};
  for (const auto& row : db::all(on, relations_sql, values)) {
    now.relations.emplace(number(row[0]),
                          server_counts::relation{
                              std::get<std::string>(row[1]), row[2] == value(true), number(row[3]),
                              number(row[4]), number(row[5]), number(row[6]), number(row[7])});
  }
  for (const auto& row : db::all(on, locks_sql)) {
    now.locks.emplace_back(number(row[0]), written(std::get<std::string>(row[1])));
  }
  now.wal = number(db::scalar(on, wal_sql).value_or(value()));
  return now;
}

sequence_positions read_sequences(db::connection& on) {
  sequence_positions found;
  for (const auto& row : db::all(on, sequences_sql)) {
    found.emplace(std::get<std::string>(row[0]), number(row[1]));
  }
  return found;
}

std::vector<sequence_effects> moved(const sequence_positions& before,
                                    const sequence_positions& after) {
  std::vector<sequence_effects> out;
  for (const auto& [name, position] : before) {
    const auto now = after.find(name);
    if (now != after.end() && now->second != position) out.push_back({name, position, now->second});
  }
  return out;
}

std::map<std::int64_t, std::int64_t> count_before_truncate(db::connection& on,
                                                           const std::vector<std::string>& tables,
                                                           bool cascades, bool descends) {
  array names;
  for (const std::string& table : tables) names.items.emplace_back(table);
  std::map<std::int64_t, std::int64_t> counted;
  for (const auto& row :
       db::all(on, truncated_sql, std::array{value(names), value(cascades), value(descends)})) {
    counted[number(row[0])] =
        number(db::scalar(on, "SELECT count(*) FROM ONLY " + std::get<std::string>(row[1]))
                   .value_or(value()));
  }
  return counted;
}

}  // namespace luamig::engine
