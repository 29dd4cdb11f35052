#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace luamig {

/// Eight bytes of a text as one word, to look at all of them at once (Knuth, The Art of Computer
/// Programming 4A, 7.1.3, "Fun with bytes").
struct eight_bytes {
  std::uint64_t word = 0;

  static constexpr std::size_t size = 8;
  static constexpr std::uint64_t each = 0x0101010101010101U;
  static constexpr std::uint64_t highest = 0x80 * each;

  /// Those that begin there.
  [[nodiscard]] static eight_bytes at(const char* bytes) noexcept {
    eight_bytes out;
    std::memcpy(&out.word, bytes, size);
    return out;
  }
  /// Less than eight, and zeros behind them.
  [[nodiscard]] static eight_bytes of(const char* bytes, std::size_t count) noexcept {
    eight_bytes out;
    if (std::endian::native == std::endian::little && count >= 4) {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      std::memcpy(&first, bytes, 4);
      std::memcpy(&last, bytes + count - 4, 4);
      out.word = first | static_cast<std::uint64_t>(last) << (8 * (count - 4));
    } else {
      for (std::size_t i = 0; i < count; ++i)
        std::memcpy(reinterpret_cast<char*>(&out.word) + i, bytes + i, 1);
    }
    return out;
  }

  // Marks: the highest bit of each byte that is meant. Behind the first of them others may be
  // marked that are not meant.
  [[nodiscard]] constexpr std::uint64_t below(unsigned char limit) const noexcept {
    return (word - limit * each) & ~word & highest;
  }
  [[nodiscard]] constexpr std::uint64_t equal(char c) const noexcept {
    return eight_bytes{word ^ (static_cast<unsigned char>(c) * each)}.below(1);
  }
  [[nodiscard]] constexpr std::uint64_t high() const noexcept { return word & highest; }
  /// How many bytes come before the first that is marked: eight where none is.
  [[nodiscard]] static std::size_t before(std::uint64_t marks) noexcept {
    if (marks == 0) return size;
    if constexpr (std::endian::native != std::endian::little) return 0;
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  }
};

}  // namespace luamig
