#include "engine/rejects.hpp"

#include <array>
#include <utility>

namespace luamig::engine {
namespace {

std::string text_of(const value& v) {
  const auto* s = std::get_if<std::string>(&v);
  return s == nullptr ? std::string() : *s;
}

std::int64_t integer_of(const value& v) {
  const auto* i = std::get_if<std::int64_t>(&v);
  return i == nullptr ? 0 : *i;
}

std::string instant(db::engine kind) {
  return kind == db::engine::sqlite ? "rejected_at"
                                    : "to_char(rejected_at AT TIME ZONE 'UTC', "
                                      "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')";
}

std::string now(db::engine kind) {
  return kind == db::engine::postgresql ? "clock_timestamp()"
                                        : "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";
}

}  // namespace

rejects::rejects(db::connection& on, const books& where)
    : on_(on), where_(where), names_(on.kind(), where) {}

bool rejects::exists() {
  if (on_.kind() == db::engine::sqlite) {
    return db::scalar(on_, "SELECT 1 FROM main.sqlite_schema WHERE name = 'luamig_rejects'")
        .has_value();
  }
  const std::array name{value(table())};
  return db::scalar(on_, "SELECT to_regclass($1) IS NOT NULL", name) == value(true);
}

/// It was made before steps were known by their key.
bool rejects::is_old() {
  const std::string query =
      on_.kind() == db::engine::sqlite
          ? "SELECT count(*) FROM pragma_table_info('luamig_rejects', 'main') WHERE name = "
            "'attempts'"
          : "SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass($1) AND "
            "attname = 'attempts'";
  const std::array name{value(table())};
  return db::scalar(on_, query,
                    on_.kind() == db::engine::sqlite
                        ? std::span<const value>{}
                        : std::span<const value>(name)) == value(std::int64_t{0});
}

void rejects::make() {
  if (!exists()) return create();
  if (!is_old()) return;
  on_.execute("ALTER TABLE " + table() + " ADD COLUMN step_key TEXT", {});
  on_.execute("ALTER TABLE " + table() + " ADD COLUMN step_number BIGINT NOT NULL DEFAULT 0", {});
  on_.execute("ALTER TABLE " + table() + " ADD COLUMN attempts BIGINT NOT NULL DEFAULT 1", {});
}

void rejects::create() {
  if (on_.kind() == db::engine::postgresql) {
    on_.enqueue("SELECT pg_catalog.pg_advisory_xact_lock($1, 0)",
                std::array{value(advisory_lock_class)});
  }
  on_.enqueue(names_.create_rejects());
}

std::vector<rejected_row> rejects::read(std::string_view condition, std::vector<value> of) {
  std::vector<rejected_row> list;
  if (!exists()) return list;
  const std::string newer = is_old() ? "NULL, 0, 1" : "step_key, step_number, attempts";
  of.insert(of.begin(), value(where_.version_table));
  for (const auto& row :
       db::all(on_,
               "SELECT id, revision, direction, step, table_name, row_key, changes, error, " +
                   instant(on_.kind()) + ", " + newer + " FROM " + table() +
                   " WHERE version_table = $1" + std::string(condition) + " ORDER BY id",
               of)) {
    list.push_back({integer_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3]),
                    text_of(row[4]), text_of(row[5]), text_of(row[6]), text_of(row[7]),
                    text_of(row[8]), text_of(row[9]), integer_of(row[10]), integer_of(row[11])});
  }
  return list;
}

std::vector<rejected_row> rejects::all() { return read("", {}); }

std::optional<rejected_row> rejects::one(std::int64_t id) {
  auto list = read(" AND id = $2", {value(id)});
  if (list.empty()) return std::nullopt;
  return std::move(list.front());
}

void rejects::add(std::string_view revision, graph::direction way, const rejected_row& row) {
  make();
  on_.enqueue(
      "INSERT INTO " + table() +
          " (version_table, revision, direction, step, table_name, row_key, changes, error, "
          "step_key, step_number, rejected_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, " +
          now(on_.kind()) + ")",
      std::array{value(where_.version_table), value(std::string(revision)),
                 value(std::string(graph::name(way))), value(row.step), value(row.table),
                 value(row.key), text_or_null(row.changes), value(row.error), value(row.step_key),
                 value(row.step_number)});
}

void rejects::reject_again(std::int64_t id, const rejected_row& row) {
  make();
  on_.execute("UPDATE " + table() +
                  " SET changes = $1, error = $2, attempts = attempts + 1, rejected_at = " +
                  now(on_.kind()) + " WHERE id = $3",
              std::array{text_or_null(row.changes), value(row.error), value(id)});
}

std::int64_t rejects::drop_where(std::string_view condition, std::vector<value> of) {
  if (!exists()) return 0;
  of.insert(of.begin(), value(where_.version_table));
  return on_.execute(
      "DELETE FROM " + table() + " WHERE version_table = $1" + std::string(condition), of);
}

std::int64_t rejects::drop(std::int64_t id) { return drop_where(" AND id = $2", {value(id)}); }

std::int64_t rejects::drop_of(std::string_view revision) {
  return drop_where(" AND revision = $2", {value(std::string(revision))});
}

std::int64_t rejects::drop_all() { return drop_where("", {}); }

}  // namespace luamig::engine
