#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace luamig::engine {

/// What many rows are called by, in little room: most numbers follow the one before.
class row_numbers {
 public:
  void add(std::int64_t number) {
    const auto size = static_cast<std::int64_t>(size_);
    if (runs_.empty() || runs_.back().number + (size - runs_.back().row) != number)
      runs_.push_back({size, number});
    ++size_;
  }
  void clear() noexcept {
    runs_.clear();
    size_ = 0;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// How many runs of numbers there are, which is what takes the room.
  [[nodiscard]] std::size_t runs() const noexcept { return runs_.size(); }
  /// Of the row at this place, from 0.
  [[nodiscard]] std::int64_t at(std::size_t row) const {
    const auto place = static_cast<std::int64_t>(row);
    const auto behind = std::upper_bound(runs_.begin(), runs_.end(), place,
                                         [](std::int64_t p, const run& r) { return p < r.row; });
    const run& in = *std::prev(behind);
    return in.number + (place - in.row);
  }

 private:
  struct run {
    std::int64_t row = 0;  // its first
    std::int64_t number = 0;
  };
  std::vector<run> runs_;
  std::size_t size_ = 0;
};

}  // namespace luamig::engine
