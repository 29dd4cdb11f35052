// The half of the durable sink that keeps a step in parts and in ranges, and stands in a process
// beside that of the run.
#include "engine/durable_sink.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view part_of_step = "part";

}  // namespace

std::optional<std::string> durable_sink::part() const {
  if (around_.part) return around_.part();
  const auto half = parts_.find({now_.key, now_.occurrence});
  if (half == parts_.end()) return std::nullopt;
  return half->second.record;
}

void durable_sink::keep_part(std::string_view record, std::string_view reverse,
                             const step_counts& counts) {
  open_transaction();
  now_.reverse = reverse;
  keep_now(part_of_step, record, counts);
  part_kept();
}

void durable_sink::part_kept() {
  commit();
  parts_[{now_.key, now_.occurrence}] = {now_.record, now_.label, {now_.statements, now_.rows}};
  around_.kept(finished_, true);
}

progress& durable_sink::book() const {
  if (around_.book != nullptr) return *around_.book;
  throw error(errc::migration, "this step has no ranges");
}

void durable_sink::keep_ranges(std::string_view record, std::string_view reverse,
                               const step_counts& counts, const std::vector<std::string>& ranges) {
  open_transaction();
  now_.reverse = reverse;
  const range_counts before = book().take_ranges(revision_, around_.way, now_);
  counts_before_.statements += before.counts.statements;
  counts_before_.rows += before.counts.rows;
  keep_now(part_of_step, record, counts);
  book().add_ranges(revision_, around_.way, now_, ranges);
  rows_ += static_cast<std::int64_t>(ranges.size()) - before.ranges;
  part_kept();
  ranges_.clear();
}

std::optional<std::string> durable_sink::range(std::size_t number) {
  auto record = book().range(revision_, around_.way, now_, number);
  if (record) ranges_[number] = *record;
  return record;
}

void durable_sink::keep_range(std::size_t number, std::string_view record,
                              const step_counts& counts) {
  const auto before = ranges_.find(number);
  if (before == ranges_.end()) throw error(errc::migration, "this range was not asked for");
  open_transaction();
  book().replace_range(revision_, around_.way, now_, number, {std::string(record), counts},
                       before->second);
  commit();
  before->second = record;
}

std::string durable_sink::why_not_apart() {
  if (!around_.stand_apart) return "this run is one transaction";
  if (around_.require_direct) around_.require_direct();
  return {};
}

void durable_sink::stand_apart(observer& watching) {
  live_.tell(watching);
  around_.stand_apart();
}

}  // namespace luamig::engine
