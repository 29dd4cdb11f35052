#include "engine/progress.hpp"

#include <array>

#include "engine/part_record.hpp"
#include "engine/version_store.hpp"

namespace luamig::engine {
namespace {

std::string text_of(const value& v) {
  if (const auto* bytes = std::get_if<blob>(&v)) return bytes->bytes;
  const auto* s = std::get_if<std::string>(&v);
  return s == nullptr ? std::string() : *s;
}

std::int64_t integer_of(const value& v) {
  const auto* i = std::get_if<std::int64_t>(&v);
  return i == nullptr ? 0 : *i;
}

value as_value(std::string_view s) { return value(std::string(s)); }
value as_value(graph::direction way) { return as_value(graph::name(way)); }

constexpr std::string_view part_of_it =
    " AS s WHERE s.version_table = r.version_table AND s.revision = r.revision AND s.direction = "
    "r.direction AND s.kind = 'part' LIMIT 1";
constexpr std::string_view of_a_revision =
    " WHERE version_table = $1 AND revision = $2 AND direction = $3";

}  // namespace

std::string done_so_far(std::int64_t finished, bool in_part) {
  if (finished == 0 && in_part) return "a part of its first step is done";
  const std::string steps =
      finished == 1 ? "1 step of it" : std::to_string(finished) + " steps of it";
  if (in_part) return steps + " and a part of the next are done";
  return steps + (finished == 1 ? " is done" : " are done");
}

error gone_on(std::string_view revision, const progress_entry& with) {
  return {errc::integrity,
          "another run has gone on with '" + with.label + "' of revision '" +
              std::string(revision) + "' meanwhile",
          "wait for it, and run the same command again"};
}

progress::progress(db::connection& on, const books& where)
    : on_(on), where_(where), names_(on.kind(), where) {}

bool progress::exists() {
  if (on_.kind() == db::engine::sqlite) {
    return db::scalar(on_, "SELECT 1 FROM main.sqlite_schema WHERE name = 'luamig_progress'")
        .has_value();
  }
  const std::array name{value(names_.progress_table())};
  return db::scalar(on_, "SELECT to_regclass($1) IS NOT NULL", name) == value(true);
}

std::string progress::count_of(std::string_view kinds) const {
  return "(SELECT count(*) FROM " + table() +
         " AS s WHERE s.version_table = r.version_table AND s.revision = r.revision AND "
         "s.direction = r.direction AND s.kind " +
         std::string(kinds) + ")";
}

std::vector<half_done> progress::begun() {
  std::vector<half_done> list;
  if (!exists()) return list;
  const std::array project{value(where_.version_table)};
  for (const auto& row :
       db::all(on_,
               "SELECT r.revision, r.direction, r.began, " + count_of("IN ('step', 'block')") +
                   ", " + count_of("NOT IN ('revision', 'read')") + ", " + count_of("= 'part'") +
                   ", r.label, (SELECT s.record FROM " + table() + std::string(part_of_it) +
                   ") FROM " + table() +
                   " AS r WHERE r.kind = 'revision' AND r.version_table = $1 ORDER BY r.began, "
                   "r.revision",
               project)) {
    half_done& one = list.emplace_back();
    one.revision = text_of(row[0]);
    for (const auto way : {graph::direction::downgrade, graph::direction::repeat}) {
      if (text_of(row[1]) == graph::name(way)) one.way = way;
    }
    one.began = integer_of(row[2]);
    one.finished = integer_of(row[3]);
    one.is_bare = integer_of(row[4]) == 0;
    one.in_part = integer_of(row[5]) > 0;
    one.control = text_of(row[6]);
    const std::string part = text_of(row[7]);
    one.rows = number_of_part(part, "done").value_or(0);
    one.of_rows = number_of_part(part, "total").value_or(0);
  }
  for (half_done& one : list) {
    if (one.in_part) one.rows += rows_in_ranges(one);
  }
  return list;
}

std::vector<half_done> progress::under_way() {
  std::vector<half_done> list = begun();
  std::erase_if(list, [](const half_done& r) { return r.is_bare; });
  return list;
}

std::optional<half_done> progress::row_of(std::string_view revision, graph::direction way) {
  for (half_done& r : begun()) {
    if (r.revision == revision && r.way == way) return std::move(r);
  }
  return std::nullopt;
}

std::vector<progress_entry> progress::entries(std::string_view revision, graph::direction way) {
  std::vector<progress_entry> list;
  if (!exists()) return list;
  const std::array of{value(where_.version_table), as_value(revision), as_value(way)};
  for (const auto& row : db::all(on_,
                                 "SELECT kind, key, occurrence, label, record, reverse, "
                                 "statement_count, row_count FROM " +
                                     table() + std::string(of_a_revision) +
                                     " AND kind <> 'revision' ORDER BY position",
                                 of)) {
    list.push_back({text_of(row[0]), text_of(row[1]), integer_of(row[2]), text_of(row[3]),
                    text_of(row[4]), text_of(row[5]), integer_of(row[6]), integer_of(row[7])});
  }
  return list;
}

std::string progress::control_of(std::string_view revision, graph::direction way) {
  const std::array of{value(where_.version_table), as_value(revision), as_value(way)};
  const auto label = db::scalar(
      on_, "SELECT label FROM " + table() + std::string(of_a_revision) + " AND kind = 'revision'",
      of);
  return label ? text_of(*label) : std::string();
}

void progress::set_control(std::string_view revision, graph::direction way,
                           const std::string& control) {
  on_.execute(
      "UPDATE " + table() +
          " SET label = $1 WHERE version_table = $2 AND revision = $3 AND direction = $4 AND "
          "kind = 'revision'",
      std::array{value(control), value(where_.version_table), as_value(revision), as_value(way)});
}

void progress::create() {
  if (on_.kind() == db::engine::postgresql) {
    on_.enqueue("SELECT pg_catalog.pg_advisory_xact_lock($1, 0)",
                std::array{value(advisory_lock_class)});
  }
  on_.enqueue(names_.create_progress());
}

void progress::begin(const half_done& r) {
  on_.enqueue(
      "INSERT INTO " + table() +
          " (version_table, revision, direction, position, kind, key, occurrence, label, "
          "statement_count, row_count, began) VALUES ($1, $2, $3, 0, 'revision', '', 0, '', "
          "0, 0, $4)",
      std::array{value(where_.version_table), value(r.revision), as_value(r.way), value(r.began)});
}

void progress::add(std::string_view revision, graph::direction way, const progress_entry& e,
                   std::int64_t position) {
  on_.enqueue(
      "INSERT INTO " + table() +
          " (version_table, revision, direction, position, kind, key, occurrence, label, record, "
          "reverse, statement_count, row_count, began) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
          "$10, $11, $12, 0)",
      std::array{value(where_.version_table), as_value(revision), as_value(way), value(position),
                 value(e.kind), value(e.key), value(e.occurrence), value(e.label),
                 value(blob{e.record}), value(blob{e.reverse}), value(e.statements),
                 value(e.rows)});
}

void progress::verify(std::string_view revision, graph::direction way, std::int64_t steps) {
  const std::string rest = " FROM " + table() + std::string(of_a_revision);
  const std::array of{value(where_.version_table), as_value(revision), as_value(way)};
  if (on_.kind() == db::engine::sqlite) {
    if (db::scalar(on_, "SELECT count(*)" + rest, of) != value(steps + 1)) throw books_moved();
    return;
  }
  const std::array expected{of[0], of[1], of[2], value(steps + 1)};
  on_.enqueue("SELECT CASE WHEN count(*) = $4 THEN 1 ELSE ('" + std::string(moved_mark) +
                  "' || count(*))::int END" + rest,
              expected);
}

void progress::replace_part(std::string_view revision, graph::direction way,
                            const progress_entry& e, const std::string& before) {
  const std::int64_t replaced = on_.execute(
      "UPDATE " + table() +
          " SET kind = $1, record = $2, reverse = $3, statement_count = $4, row_count = $5 WHERE "
          "version_table = $6 AND revision = $7 AND direction = $8 AND kind = 'part' AND key = $9 "
          "AND occurrence = $10 AND record = $11",
      std::array{value(e.kind), value(blob{e.record}), value(blob{e.reverse}), value(e.statements),
                 value(e.rows), value(where_.version_table), as_value(revision), as_value(way),
                 value(e.key), value(e.occurrence), value(blob{before})});
  if (replaced != 1) throw gone_on(revision, e);
}

void progress::remove(std::string_view revision, graph::direction way, const progress_entry& e) {
  on_.enqueue("DELETE FROM " + table() + std::string(of_a_revision) +
                  " AND kind = $4 AND key = $5 AND occurrence = $6",
              std::array{value(where_.version_table), as_value(revision), as_value(way),
                         value(e.kind), value(e.key), value(e.occurrence)});
}

void progress::clear(std::string_view revision, graph::direction way) {
  on_.enqueue("DELETE FROM " + table() + std::string(of_a_revision),
              std::array{value(where_.version_table), as_value(revision), as_value(way)});
}

void progress::clear_all() {
  if (!exists()) return;
  on_.enqueue("DELETE FROM " + table() + " WHERE version_table = $1",
              std::array{value(where_.version_table)});
}

}  // namespace luamig::engine
