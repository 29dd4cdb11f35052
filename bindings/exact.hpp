#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/number.hpp"

namespace luamig::bindings {

/// A decimal number of any length: (-1)^negative * digits * 10^-scale. `digits` has no leading
/// zeros ("0" for zero, which is never negative); `scale` >= 0 is kept, so "1.50" stays "1.50".
struct exact_number {
  bool negative = false;
  std::string digits = "0";
  std::size_t scale = 0;

  [[nodiscard]] bool is_zero() const noexcept { return digits == "0"; }
};

/// "-12.50", "1e3", "+7". Nothing for what is not a number, and for NaN and infinities, which have
/// no exact arithmetic. At most 20,000 digits.
[[nodiscard]] std::optional<exact_number> parse_exact(std::string_view text);
/// The canonical spelling: no exponent, no plus sign, `scale` places.
[[nodiscard]] std::string spell(const exact_number& n);

[[nodiscard]] exact_number add(const exact_number& a, const exact_number& b);
[[nodiscard]] exact_number subtract(const exact_number& a, const exact_number& b);
[[nodiscard]] exact_number multiply(const exact_number& a, const exact_number& b);
/// a / b with `scale` places, halves away from zero (as PostgreSQL rounds). `b` is not zero.
[[nodiscard]] exact_number divide(const exact_number& a, const exact_number& b, std::size_t scale);
/// With `scale` places, halves away from zero.
[[nodiscard]] exact_number round(const exact_number& a, std::size_t scale);
/// Below zero, zero or above it: a < b, a = b, a > b by value, whatever the scales.
[[nodiscard]] int compare(const exact_number& a, const exact_number& b);

/// An integer that Lua keeps as a plain number: abs < 10^14, so that `..` spells it in full.
[[nodiscard]] constexpr bool is_plain(long long i) noexcept {
  return i < plain_limit && i > -plain_limit;
}
/// The integer that a canonical spelling names, when it has no point and fits 64 bits.
[[nodiscard]] std::optional<long long> as_integer(std::string_view canonical) noexcept;

}  // namespace luamig::bindings
