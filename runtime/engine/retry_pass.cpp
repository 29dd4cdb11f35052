#include "engine/retry_pass.hpp"

#include <algorithm>

namespace luamig::engine {
namespace {

constexpr std::string_view next_revision =
    "mend its rows by a revision of their own, with a where that finds them; luamig rejects drop "
    "forgets them here";

error not_asked_for(const rejected_row& row) {
  return error{errc::refused,
               "the file of revision '" + row.revision + "' no longer asks for '" + row.step + "'",
               "bring it back; or " + std::string(next_revision)};
}

error asked_for_often(const rejected_row& row, std::size_t times) {
  return error{
      errc::refused,
      "the file of revision '" + row.revision + "' asks for '" + row.step + "' " +
          std::to_string(times) + " times, and none of them is as it was",
      "put back what they ask for, all but the function of one; or " + std::string(next_revision)};
}

}  // namespace

bool retry_pass::met(const std::string& key) const {
  return std::any_of(met_.begin(), met_.end(),
                     [&](const progress_entry& step) { return step.key == key; });
}

std::optional<std::string> retry_pass::instead(const progress_entry& step,
                                               const std::string& none) {
  if (!step.is_step()) {
    const auto read = reads_.find({step.key, step.occurrence});
    return read == reads_.end() ? std::nullopt : std::optional(read->second);
  }
  if (!chosen_) {
    met_.push_back(step);
    return none;
  }
  const auto wanted = wanted_.find(step.key);
  if (wanted == wanted_.end()) return none;
  now_ = std::move(wanted->second);
  at_ = 0;
  return std::nullopt;
}

void retry_pass::keep(const progress_entry& done) {
  if (done.is_step()) {
    wanted_.erase(done.key);
  } else {
    reads_[{done.key, done.occurrence}] = done.record;
  }
}

bool retry_pass::found_all() const {
  return std::all_of(due_.begin(), due_.end(),
                     [this](const rejected_row& row) { return met(row.step_key); });
}

std::string retry_pass::choose_for(const rejected_row& row) const {
  if (met(row.step_key)) return row.step_key;
  std::vector<std::string> others;
  std::int64_t number = 0;
  for (const progress_entry& step : met_) {
    if (step.label != row.step) continue;
    const bool is_of_others = std::any_of(due_.begin(), due_.end(), [&](const rejected_row& other) {
      return other.step_key == step.key;
    });
    if (++number == row.step_number && !is_of_others) return step.key;
    if (!is_of_others) others.push_back(step.key);
  }
  if (others.empty()) throw not_asked_for(row);
  if (others.size() > 1) throw asked_for_often(row, others.size());
  return others.front();
}

void retry_pass::choose(std::vector<std::string>& changed) {
  for (const rejected_row& row : due_) {
    const std::string key = choose_for(row);
    const std::string named = row.revision + ", " + row.step;
    const bool is_known = std::find(changed.begin(), changed.end(), named) != changed.end();
    if (key != row.step_key && !row.step_key.empty() && !is_known) changed.push_back(named);
    wanted_[key].push_back(row);
  }
  chosen_ = true;
}

const rejected_row* retry_pass::next() const { return at_ < now_.size() ? &now_[at_] : nullptr; }

}  // namespace luamig::engine
