// The ranges of a step in luamig_progress. A row's key is the step's, and behind it the number.
#include <array>

#include "engine/part_record.hpp"
#include "engine/progress.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view of_a_step =
    " WHERE version_table = $1 AND revision = $2 AND direction = $3 AND kind = 'range' AND "
    "occurrence = $4 AND key ";

value as_value(std::string_view s) { return value(std::string(s)); }

/// "…/7", so that all of a step are those that begin with its key.
std::string key_of(const progress_entry& step, std::size_t number) {
  return step.key + '/' + std::to_string(number);
}

std::int64_t integer_of(const value& v) {
  const auto* i = std::get_if<std::int64_t>(&v);
  return i == nullptr ? 0 : *i;
}

std::string bytes_of(const value& v) {
  const auto* bytes = std::get_if<blob>(&v);
  return bytes == nullptr ? std::string() : bytes->bytes;
}

}  // namespace

void progress::add_ranges(std::string_view revision, graph::direction way, const progress_entry& of,
                          const std::vector<std::string>& records) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    progress_entry entry = of;
    entry.kind = "range";
    entry.key = key_of(of, i + 1);
    entry.record = records[i];
    entry.reverse.clear();
    entry.statements = entry.rows = 0;
    add(revision, way, entry, 0);
  }
}

range_counts progress::take_ranges(std::string_view revision, graph::direction way,
                                   const progress_entry& of) {
  const std::array which{value(where_.version_table), as_value(revision),
                         as_value(graph::name(way)), value(of.occurrence), value(of.key + "/%")};
  const auto found = db::all(on_,
                             "SELECT count(*), CAST(coalesce(sum(statement_count), 0) AS BIGINT), "
                             "CAST(coalesce(sum(row_count), 0) AS BIGINT) FROM " +
                                 table() + std::string(of_a_step) + "LIKE $5",
                             which);
  const range_counts all{integer_of(found[0][0]),
                         {integer_of(found[0][1]), integer_of(found[0][2])}};
  if (all.ranges > 0) {
    on_.enqueue("DELETE FROM " + table() + std::string(of_a_step) + "LIKE $5", which);
  }
  return all;
}

std::optional<std::string> progress::range(std::string_view revision, graph::direction way,
                                           const progress_entry& of, std::size_t number) {
  const std::array which{value(where_.version_table), as_value(revision),
                         as_value(graph::name(way)), value(of.occurrence),
                         value(key_of(of, number))};
  const auto record =
      db::scalar(on_, "SELECT record FROM " + table() + std::string(of_a_step) + "= $5", which);
  return record ? std::optional(bytes_of(*record)) : std::nullopt;
}

void progress::replace_range(std::string_view revision, graph::direction way,
                             const progress_entry& of, std::size_t number, const range_part& part,
                             const std::string& before) {
  const std::int64_t replaced = on_.execute(
      "UPDATE " + table() +
          " SET record = $6, statement_count = statement_count + $7, row_count = row_count + $8" +
          std::string(of_a_step) + "= $5 AND record = $9",
      std::array{value(where_.version_table), as_value(revision), as_value(graph::name(way)),
                 value(of.occurrence), value(key_of(of, number)), value(blob{part.record}),
                 value(part.counts.statements), value(part.counts.rows), value(blob{before})});
  if (replaced != 1) throw gone_on(revision, of);
}

std::int64_t progress::rows_in_ranges(const half_done& of) {
  std::int64_t rows = 0;
  for (const auto& row :
       db::all(on_,
               "SELECT record FROM " + table() +
                   " WHERE version_table = $1 AND revision = $2 AND direction = $3 AND "
                   "kind = 'range'",
               std::array{value(where_.version_table), value(of.revision),
                          as_value(graph::name(of.way))})) {
    rows += number_of_part(bytes_of(row[0]), "done").value_or(0);
  }
  return rows;
}

}  // namespace luamig::engine
