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
  /// Less than eight, and zeros behind them. Not by memcpy: who loads a word that was just stored
  /// in parts waits for them.
  [[nodiscard]] static eight_bytes of(const char* bytes, std::size_t count) noexcept {
    eight_bytes out;
    if (is_little && count >= 4) {
      std::uint32_t first = 0;
      std::uint32_t last = 0;
      std::memcpy(&first, bytes, 4);
      std::memcpy(&last, bytes + count - 4, 4);
      out.word = first | static_cast<std::uint64_t>(last) << (8 * (count - 4));
      return out;
    }
    for (std::size_t i = 0; i < count; ++i)
      out.word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]))
                  << bits_before(i);
    return out;
  }
  /// One in each byte behind the first `count`, which are less than eight.
  [[nodiscard]] static constexpr std::uint64_t each_behind(std::size_t count) noexcept {
    return is_little ? each << (8 * count) : each >> (8 * count);
  }

  /// The marks of some bytes: the highest bit of each that is meant. Behind the first of them
  /// others may be marked that are not meant. Those below `limit`, which is at most 0x80:
  [[nodiscard]] constexpr std::uint64_t below(unsigned char limit) const noexcept {
    return (word - limit * each) & ~word & highest;
  }
  /// Those that are `c`.
  [[nodiscard]] constexpr std::uint64_t equal(char c) const noexcept {
    return eight_bytes{word ^ (static_cast<unsigned char>(c) * each)}.below(1);
  }
  /// Those that are no ASCII; of these none is marked that is not meant.
  [[nodiscard]] constexpr std::uint64_t high() const noexcept { return word & highest; }

  /// How many bytes come before the first that is marked: eight where none is. Where the lowest
  /// byte of a word is not the first one, none: they are to be looked at one by one.
  [[nodiscard]] static std::size_t before(std::uint64_t marks) noexcept {
    if (marks == 0) return size;
    return is_little ? static_cast<std::size_t>(std::countr_zero(marks)) / 8 : 0;
  }

 private:
  static constexpr bool is_little = std::endian::native == std::endian::little;
  static constexpr std::size_t bits_before(std::size_t byte) noexcept {
    return 8 * (is_little ? byte : size - 1 - byte);
  }
};

}  // namespace luamig
