#pragma once

#include <array>
#include <cstddef>

namespace luamig::bindings {

/// Memory for Lua's small objects, of which a run makes and drops millions: blocks of one size lie
/// together and are used again, and none is ever joined with another, as malloc does. What was
/// taken from the system stays until the end.
class pool {
 public:
  static constexpr std::size_t largest = 256;  // bytes

  pool() = default;
  ~pool();
  pool(const pool&) = delete;
  pool& operator=(const pool&) = delete;

  /// Null when the system has no more. `size` is from 1 to `largest`.
  void* take(std::size_t size) noexcept {
    free_block*& first = free_[index(size)];
    if (first == nullptr) return carve(rounded(size));
    free_block* const block = first;
    first = block->next;
    return block;
  }
  /// Gives back a block that was taken with this size.
  void give(void* block, std::size_t size) noexcept {
    free_block*& first = free_[index(size)];
    auto* const freed = static_cast<free_block*>(block);
    freed->next = first;
    first = freed;
  }

 private:
  struct free_block {
    free_block* next;
  };
  struct chunk;
  static constexpr std::size_t grain = 16;
  static constexpr std::size_t index(std::size_t size) { return (size - 1) / grain; }
  static constexpr std::size_t rounded(std::size_t size) { return (index(size) + 1) * grain; }
  void* carve(std::size_t size) noexcept;

  std::array<free_block*, largest / grain> free_{};
  chunk* last_ = nullptr;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
};

}  // namespace luamig::bindings
