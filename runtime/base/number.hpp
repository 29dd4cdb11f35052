#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace luamig {

/// 2^53: a double below it that is whole has lost no digits.
inline constexpr double exact_limit = 0x1p53;
/// 10^14: Lua's `..` writes all digits of an integer below it, which is a plain number there.
inline constexpr std::int64_t plain_limit = 100'000'000'000'000;

/// The integer that a double is; nothing for one with a fraction, for -0, and from 2^53 on.
[[nodiscard]] inline std::optional<std::int64_t> as_whole(double d) noexcept {
  const bool is_whole = d == std::floor(d) && std::fabs(d) < exact_limit;
  if (!is_whole || (d == 0 && std::signbit(d))) return std::nullopt;
  return static_cast<std::int64_t>(d);
}

/// Whether it may have lost digits: whole, and from 2^53 on; infinities too.
[[nodiscard]] inline bool is_beyond_exact(double d) noexcept {
  return d == std::floor(d) && std::fabs(d) >= exact_limit;
}

}  // namespace luamig
