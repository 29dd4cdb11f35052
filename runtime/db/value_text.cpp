#include "db/value_text.hpp"

#include <charconv>
#include <cmath>

#include "base/error.hpp"

namespace luamig::db {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Sign, digits without zeros at either end, and the power of ten of the last digit: two spellings
/// of one number have the same form.
struct plain_number {
  bool negative = false;
  std::string digits;
  long exponent = 0;
  bool operator==(const plain_number&) const = default;
};

std::optional<plain_number> plain_form(std::string_view text) {
  plain_number out;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) out.negative = text[at++] == '-';
  bool fraction = false;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !fraction)); ++at) {
    if (text[at] == '.') {
      fraction = true;
      continue;
    }
    out.digits += text[at];
    if (fraction) --out.exponent;
  }
  if (out.digits.empty()) return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && text[at] == '+') ++at;
    int power = 0;
    const auto [end, failure] = std::from_chars(text.data() + at, text.data() + text.size(), power);
    if (failure != std::errc{}) return std::nullopt;
    at = static_cast<std::size_t>(end - text.data());
    out.exponent += power;
  }
  if (at != text.size()) return std::nullopt;
  while (!out.digits.empty() && out.digits.back() == '0') {
    out.digits.pop_back();
    ++out.exponent;
  }
  out.digits.erase(0, out.digits.find_first_not_of('0'));
  if (out.digits.empty()) return plain_number{};
  return out;
}

bool is_named(std::string_view digits) noexcept {
  return digits == "NaN" || digits == "Infinity" || digits == "-Infinity";
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string from_hex(std::string_view text) {
  if (text.substr(0, 2) != "\\x") throw error{errc::sql, "bytea did not arrive in hexadecimal"};
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

std::string real_text(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d > 0 ? "Infinity" : "-Infinity";
  char digits[32];
  const auto [end, failure] = std::to_chars(digits, digits + sizeof digits, d);
  (void)failure;  // 24 characters hold every double
  return {digits, end};
}

bool is_decimal(std::string_view digits) noexcept {
  return is_named(digits) || plain_form(digits).has_value();
}

std::optional<std::int64_t> integral_decimal(std::string_view digits) {
  const std::optional<plain_number> form = plain_form(digits);
  if (!form || form->exponent < 0 || form->exponent > 18) return std::nullopt;
  std::string text = form->negative ? "-" : "";
  text += form->digits.empty() ? "0" : form->digits;
  text.append(static_cast<std::size_t>(form->exponent), '0');
  std::int64_t out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<double> real_decimal(std::string_view digits) {
  const std::optional<plain_number> form = plain_form(digits);
  if (!form) return std::nullopt;
  const char* first = digits.data() + (digits.front() == '+' ? 1 : 0);
  double out = 0;
  const auto [end, failure] = std::from_chars(first, digits.data() + digits.size(), out);
  if (failure != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  char back[32];
  const auto written = std::to_chars(back, back + sizeof back, out);
  const std::string_view shortest(back, static_cast<std::size_t>(written.ptr - back));
  if (plain_form(shortest) != form) return std::nullopt;
  return out;
}

}  // namespace luamig::db
