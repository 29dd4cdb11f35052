// The history half of the version store: what was done, when, by whom.
#include <array>

#include "base/text.hpp"
#include "db/parameters.hpp"
#include "engine/compress.hpp"
#include "engine/version_store.hpp"

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

history_entry read_entry(const std::vector<value>& row) {
  history_entry e;
  e.id = integer_of(row[0]);
  e.revision = text_of(row[1]);
  e.direction = text_of(row[2]);
  e.outcome = text_of(row[3]);
  e.began = text_of(row[4]);
  if (const auto* seconds = std::get_if<double>(&row[5])) e.seconds = *seconds;
  e.who = text_of(row[6]);
  e.host = text_of(row[7]);
  e.luamig = text_of(row[8]);
  e.checksum = text_of(row[9]);
  e.required = text_of(row[10]);
  e.statements = integer_of(row[11]);
  e.rows = integer_of(row[12]);
  e.error = text_of(row[13]);
  return e;
}

/// What later runs go by, as it stands in the list of the history's columns.
constexpr std::string_view read_again =
    "(version_table, revision, direction, outcome, checksum, required, source)";

}  // namespace

void version_store::record(const history_entry& e) {
  const std::array<value, 15> values{
      value(where_.version_table),
      value(e.revision),
      value(e.direction),
      value(e.outcome),
      value(e.began),
      value(e.seconds),
      value(e.who),
      value(e.host),
      value(e.luamig),
      text_or_null(e.checksum),
      text_or_null(e.required),
      e.source.empty() ? value(null_value{}) : value(blob{compress(e.source)}),
      value(e.statements),
      value(e.rows),
      text_or_null(e.error)};
  const std::string head =
      "INSERT INTO " + sql_.history_table() + " (" + std::string(history_columns) + ") VALUES (";
  if (!postgresql()) return record_sqlite(head, values);
  // PostgreSQL adds its own user: the one that the server knows, not the one that was asked for.
  on_.enqueue("WITH w AS (" + head +
                  "$1, $2, $3, $4, $5::text::timestamptz, $6, $7::text || '@' || current_user, $8, "
                  "$9, $10, $11, $12::bytea, $13, $14, $15) RETURNING " +
                  std::string(read_again) +
                  " IS NOT DISTINCT FROM ($1, $2, $3, $4, $10, $11, "
                  "$12::bytea) AS same) SELECT CASE WHEN count(*) = 1 AND bool_and(same) THEN 1 "
                  "ELSE ('" +
                  std::string(moved_mark) + "' || count(*))::int END FROM w",
              values);
}

void version_store::record_sqlite(const std::string& head, std::span<const value> values) {
  on_.execute(head + "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)", values);
  const std::array<value, 7> again{values[0], values[1],  values[2], values[3],
                                   values[9], values[10], values[11]};
  if (!db::scalar(on_,
                  "SELECT 1 FROM " + sql_.history_table() + " WHERE id = last_insert_rowid() AND " +
                      std::string(read_again) + " IS (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                  again)) {
    throw books_moved();
  }
}

std::vector<history_entry> version_store::history(std::string_view revision, std::int64_t limit) {
  std::vector<history_entry> entries;
  if (!has_history()) return entries;
  const std::string began =
      postgresql() ? "to_char(began_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
                   : "began_at";
  const std::string p = postgresql() ? "$" : "?";
  const std::string sql =
      "SELECT id, revision, direction, outcome, " + began +
      ", seconds, who, host, luamig, checksum, required, statement_count, row_count, error FROM " +
      sql_.history_table() + " WHERE version_table = " + p + "1 AND (" + p +
      "2 = '' OR revision = " + p + "2) ORDER BY id DESC LIMIT " + std::to_string(limit);
  for (const auto& row :
       db::all(on_, sql, std::array{value(where_.version_table), value(std::string(revision))})) {
    entries.push_back(read_entry(row));
  }
  return entries;
}

repeated_files version_store::repeated() {
  repeated_files files;
  if (!has_history()) return files;
  const std::string mine =
      sql_.history_table() + " WHERE version_table = " + (postgresql() ? "$1" : "?1") + " AND ";
  const std::string runs = mine + "direction = 'repeat' AND outcome = 'applied'";
  const std::string sql =
      "SELECT revision, checksum, required, CASE WHEN id < (SELECT coalesce(max(id), 0) FROM " +
      mine + "outcome = 'reverted') THEN 1 ELSE 0 END FROM " + runs +
      " AND id IN (SELECT max(id) FROM " + runs + " GROUP BY revision)";
  for (const auto& row : db::all(on_, sql, std::array{value(where_.version_table)})) {
    files[text_of(row[0])] = {text_of(row[1]), text_of(row[2]), integer_of(row[3]) != 0};
  }
  return files;
}

std::set<std::string, std::less<>> version_store::skipped() {
  std::set<std::string, std::less<>> revisions;
  if (!has_history()) return revisions;
  const std::string mine = sql_.history_table() +
                           " WHERE version_table = " + (postgresql() ? "$1" : "?1") +
                           " AND outcome <> 'failed'";
  for (const auto& row : db::all(on_,
                                 "SELECT revision FROM " + mine +
                                     " AND outcome = 'skipped' AND id IN (SELECT max(id) FROM " +
                                     mine + " GROUP BY revision)",
                                 std::array{value(where_.version_table)})) {
    revisions.insert(text_of(row[0]));
  }
  return revisions;
}

std::optional<std::string> version_store::source(std::string_view revision) {
  if (!has_history()) return std::nullopt;
  const std::string p = postgresql() ? "$" : "?";
  const auto found = db::scalar(
      on_,
      "SELECT source FROM " + sql_.history_table() + " WHERE version_table = " + p +
          "1 AND revision = " + p +
          "2 AND outcome IN ('applied', 'skipped') AND source IS NOT NULL ORDER BY id DESC LIMIT 1",
      std::array{value(where_.version_table), value(std::string(revision))});
  const auto* bytes = found ? std::get_if<blob>(&*found) : nullptr;
  return bytes == nullptr ? std::nullopt : std::optional(decompress(bytes->bytes));
}

}  // namespace luamig::engine
