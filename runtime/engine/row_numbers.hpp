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
    // Without a sign: any number may come.
    const auto expected = [&](const run& last) {
      return static_cast<std::uint64_t>(last.number) + (size_ - last.row);
    };
    if (runs_.empty() || expected(runs_.back()) != static_cast<std::uint64_t>(number))
      runs_.push_back({size_, number});
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
    const auto behind = std::upper_bound(runs_.begin(), runs_.end(), row,
                                         [](std::size_t r, const run& one) { return r < one.row; });
    const run& in = *std::prev(behind);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(in.number) + (row - in.row));
  }

 private:
  struct run {
    std::size_t row = 0;  // its first
    std::int64_t number = 0;
  };
  std::vector<run> runs_;
  std::size_t size_ = 0;
};

}  // namespace luamig::engine
