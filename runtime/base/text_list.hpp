#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace luamig {

/// Texts that are added and never changed, all in one block of memory: of a hundred thousand names
/// each costs four bytes more than its own. At most 4 GiB.
class text_list {
 public:
  void append(std::string_view text) {
    block_ += text;
    ends_.push_back(static_cast<std::uint32_t>(block_.size()));
  }
  void append(const text_list& others) {
    const auto before = static_cast<std::uint32_t>(block_.size());
    block_ += others.block_;
    for (const std::uint32_t end : others.ends_) ends_.push_back(before + end);
  }

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  /// Valid until the next append.
  [[nodiscard]] std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(block_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string block_;
  std::vector<std::uint32_t> ends_;
};

}  // namespace luamig
