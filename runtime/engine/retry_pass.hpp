#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/migrator.hpp"
#include "engine/progress.hpp"

namespace luamig::engine {

/// Finds the backfills that have left rows out, while their script is gone through twice. First
/// every step is passed over and noted; then those that were chosen are done. What the script reads
/// is the same both times, so that it goes the same way.
class retry_pass {
 public:
  /// Rejected rows of one revision and direction, in order.
  explicit retry_pass(std::vector<rejected_row> due) : due_(std::move(due)) {}

  /// What durable_sink::hooks::instead gives for a step.
  [[nodiscard]] std::optional<std::string> instead(const progress_entry& step,
                                                   const std::string& none);
  /// A step that was done: what a read gave is given again.
  void keep(const progress_entry& done);

  /// Whether every row's step has been met, and as it was.
  [[nodiscard]] bool found_all() const;
  /// Ends the first time. A step that is not there as it was is the one in its place among those of
  /// its label, or the only one; it is named in `changed`. Throws error{errc::refused} where there
  /// is none, or several.
  void choose(std::vector<std::string>& changed);

  /// The next row of the step under way; null: none is left.
  [[nodiscard]] const rejected_row* next() const;
  /// It has been seen to.
  void advance() { ++at_; }
  /// No row is left in any step.
  [[nodiscard]] bool done() const noexcept { return chosen_ && wanted_.empty(); }
  [[nodiscard]] bool chosen() const noexcept { return chosen_; }

 private:
  using place = std::pair<std::string, std::int64_t>;  // key, occurrence
  [[nodiscard]] bool met(const std::string& key) const;
  [[nodiscard]] std::string choose_for(const rejected_row& row) const;

  std::vector<rejected_row> due_;
  std::vector<progress_entry> met_;                          // steps, in order
  std::map<place, std::string> reads_;                       // what they gave
  std::map<std::string, std::vector<rejected_row>> wanted_;  // by the key of their step
  std::vector<rejected_row> now_;                            // of the step under way
  std::size_t at_ = 0;                                       // in it
  bool chosen_ = false;
};

}  // namespace luamig::engine
