#include "engine/version_store.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "db/parameters.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t shortest_column = 32;  // Alembic's, and nobody makes a shorter one

value as_value(const std::string& s) { return value(s); }

array as_array(const std::vector<std::string>& ids) {
  array a;
  for (const std::string& id : ids) a.items.emplace_back(id);
  return a;
}

}  // namespace

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

luamig::error books_moved() {
  luamig::error e(errc::integrity,
                  "the version table was changed by somebody else during this step",
                  "run the same command again");
  e.kind = moved_kind;
  return e;
}

version_store::version_store(db::connection& on, books where)
    : on_(on),
      where_(std::move(where)),
      sql_(on.kind(), where_),
      finds_schema_(where_.schema.empty()) {
  look();
  sql_ = book_sql(on_.kind(), where_);
}

void version_store::look_again() {
  shape_.reset();
  look();
}

std::vector<std::string> version_store::rows() {
  std::vector<std::string> ids;
  if (!version_.there()) look();
  if (!version_.there()) return ids;
  require_whole(version_);
  for (const auto& row : db::all(on_, "SELECT version_num FROM " + sql_.version_table())) {
    const auto* id = std::get_if<std::string>(&row[0]);
    if (id == nullptr && !row[0].is_null()) {
      throw error(errc::integrity,
                  "the version table " + sql_.version_table() + " holds a revision that is no text",
                  "make its version_num a column of type TEXT, and put back what it held");
    }
    if (id == nullptr || id->empty()) {
      throw error(
          errc::integrity,
          "the version table " + sql_.version_table() + " holds a row without a revision",
          "DELETE FROM " + sql_.version_table() + " WHERE version_num IS NULL OR version_num = ''");
    }
    ids.push_back(*id);
  }
  ids = sorted(std::move(ids));
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice == ids.end()) return ids;
  throw error(errc::integrity,
              "the version table " + sql_.version_table() + " holds '" + *twice + "' twice",
              "delete one of the two, and make version_num the table's PRIMARY KEY");
}

/// The server looks for the table and then makes it: two sessions at one instant would both see
/// none, and the second fail on a catalogue's unique index.
void version_store::create() {
  require_whole(version_);
  require_whole(history_);
  if (complete()) return;
  if (postgresql()) {
    on_.enqueue("SELECT pg_catalog.pg_advisory_xact_lock($1, 0)",
                std::array{value(advisory_lock_class)});
  }
  for (const std::string& sql : sql_.create()) on_.enqueue(sql);
}

void version_store::require_room(std::span<const graph::step> steps) {
  (void)has_history();
  std::size_t longest = 0;
  for (const graph::step& step : steps) {
    for (const std::string& id : step.edit.add) longest = std::max(longest, id.size());
  }
  if (!postgresql() || !version_.there() || longest <= shortest_column) return;
  const auto width =
      db::scalar(on_,
                 "SELECT character_maximum_length::bigint FROM information_schema.columns "
                 "WHERE table_schema = $1 AND table_name = $2 AND column_name = 'version_num'",
                 std::array{as_value(where_.schema), as_value(where_.version_table)});
  const auto* most = width ? std::get_if<std::int64_t>(&*width) : nullptr;
  if (most == nullptr || static_cast<std::size_t>(*most) >= longest) return;
  throw error(errc::integrity,
              "the version table " + sql_.version_table() + " holds ids of " +
                  std::to_string(*most) + " characters, and a revision here has " +
                  std::to_string(longest),
              "ALTER TABLE " + sql_.version_table() + " ALTER COLUMN version_num TYPE text");
}

/// PostgreSQL says it of a statement of luamig's own, which has no line, in the words of that
/// statement. Anybody may raise the same words.
bool version_store::says_books_moved(const luamig::error& e) {
  const auto holds = [](const std::string& text) {
    return text.find(moved_mark) != std::string::npos;
  };
  return e.kind == moved_kind ||
         (e.code == errc::sql && e.line == 0 && holds(e.sql) && holds(e.message));
}

/// One row becomes another. In PostgreSQL the statement itself raises when the row is not there, so
/// that the server skips the COMMIT behind it; the message is not constant, or it would be folded.
void version_store::swap_row(const std::string& from, const std::string& to) {
  if (postgresql()) {
    on_.enqueue("WITH d AS (UPDATE " + sql_.version_table() +
                    " SET version_num = $2 WHERE version_num = $1 RETURNING 1) SELECT CASE WHEN "
                    "count(*) = 1 THEN 1 ELSE ('" +
                    std::string(moved_mark) + "' || count(*))::int END FROM d",
                std::array{as_value(from), as_value(to)});
    return;
  }
  if (on_.execute("UPDATE " + sql_.version_table() + " SET version_num = ?2 WHERE version_num = ?1",
                  std::array{as_value(from), as_value(to)}) != 1) {
    throw books_moved();
  }
}

/// The whole set must be what the step expects: with siblings, one row says too little.
void version_store::compare_all(const std::vector<std::string>& expected) {
  if (!postgresql()) {
    if (rows() != sorted(expected)) throw books_moved();
    return;
  }
  on_.enqueue("LOCK TABLE " + sql_.version_table() + " IN SHARE ROW EXCLUSIVE MODE");
  on_.enqueue(
      "SELECT CASE WHEN coalesce(array_agg(version_num::text ORDER BY version_num::text "
      "COLLATE \"C\"), '{}') = $1::text[] THEN 1 ELSE ('" +
          std::string(moved_mark) + "' || count(*))::int END FROM " + sql_.version_table(),
      std::array{value(as_array(sorted(expected)))});
}

void version_store::edit(const graph::step& step, const std::vector<std::string>& rows) {
  const graph::version_edit& e = step.edit;
  // Alembic itself may be at work on its own table: then every edit takes the table's lock.
  if (step.swap && where_.version_table != "alembic_version") {
    return swap_row(e.remove.front(), e.add.front());
  }
  compare_all(rows);
  const std::string place = postgresql() ? "$1" : "?1";
  for (const std::string& id : e.remove) {
    on_.enqueue("DELETE FROM " + sql_.version_table() + " WHERE version_num = " + place,
                std::array{as_value(id)});
  }
  for (const std::string& id : e.add) {
    on_.enqueue("INSERT INTO " + sql_.version_table() + " (version_num) VALUES (" + place + ")",
                std::array{as_value(id)});
  }
}

}  // namespace luamig::engine
