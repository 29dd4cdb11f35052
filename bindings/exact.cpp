#include "bindings/exact.hpp"

#include <algorithm>
#include <charconv>

namespace luamig::bindings {
namespace {

constexpr std::size_t most_digits = 20'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string without_leading_zeros(std::string digits) {
  const auto first = digits.find_first_not_of('0');
  return first == std::string::npos ? "0" : digits.substr(first);
}

exact_number make(bool negative, std::string digits, std::size_t scale) {
  exact_number n{negative, without_leading_zeros(std::move(digits)), scale};
  n.negative = n.negative && !n.is_zero();
  return n;
}

int compare_digits(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

std::string add_digits(const std::string& a, const std::string& b) {
  std::string sum(std::max(a.size(), b.size()) + 1, '0');
  int carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const int left = i < a.size() ? a[a.size() - 1 - i] - '0' : 0;
    const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    const int total = left + right + carry;
    sum[sum.size() - 1 - i] = static_cast<char>('0' + total % 10);
    carry = total / 10;
  }
  return without_leading_zeros(std::move(sum));
}

// a >= b
std::string subtract_digits(const std::string& a, const std::string& b) {
  std::string difference = a;
  int borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    char& place = difference[a.size() - 1 - i];
    const int right = i < b.size() ? b[b.size() - 1 - i] - '0' : 0;
    int left = place - '0' - right - borrow;
    borrow = left < 0 ? 1 : 0;
    left += borrow * 10;
    place = static_cast<char>('0' + left);
  }
  return without_leading_zeros(std::move(difference));
}

std::string multiply_digits(const std::string& a, const std::string& b) {
  std::string product(a.size() + b.size(), '\0');
  for (std::size_t i = a.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t j = b.size(); j-- > 0;) {
      const int total = product[i + j + 1] + (a[i] - '0') * (b[j] - '0') + carry;
      product[i + j + 1] = static_cast<char>(total % 10);
      carry = total / 10;
    }
    product[i] = static_cast<char>(product[i] + carry);
  }
  for (char& c : product) c = static_cast<char>(c + '0');
  return without_leading_zeros(std::move(product));
}

// a / b, rounded half up.
std::string divide_digits(const std::string& a, const std::string& b) {
  std::string quotient;
  std::string rest = "0";
  for (const char c : a) {
    rest = without_leading_zeros(rest + c);
    char digit = '0';
    while (compare_digits(rest, b) >= 0) {
      rest = subtract_digits(rest, b);
      ++digit;
    }
    quotient += digit;
  }
  quotient = without_leading_zeros(std::move(quotient));
  return compare_digits(add_digits(rest, rest), b) >= 0 ? add_digits(quotient, "1") : quotient;
}

std::string scaled(const exact_number& n, std::size_t scale) {
  return without_leading_zeros(n.digits + std::string(scale - n.scale, '0'));
}

std::optional<long> parse_exponent(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  long exponent = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (text.empty() || bad != std::errc{} || end != text.data() + text.size()) return {};
  if (exponent > long{most_digits} || exponent < -long{most_digits}) return {};
  return exponent;
}

}  // namespace

std::optional<exact_number> parse_exact(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  long exponent = 0;
  if (const auto e = text.find_first_of("eE"); e != std::string_view::npos) {
    const auto parsed = parse_exponent(text.substr(e + 1));
    if (!parsed) return {};
    exponent = *parsed;
    text = text.substr(0, e);
  }
  const auto point = text.find('.');
  std::string digits(text.substr(0, point));
  if (point != std::string_view::npos) digits += text.substr(point + 1);
  if (digits.empty() || digits.size() > most_digits) return {};
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return {};
  const long places = point == std::string_view::npos ? 0 : long(text.size() - point - 1);
  const long scale = places - exponent;
  if (scale < 0) digits.append(static_cast<std::size_t>(-scale), '0');
  return make(negative, std::move(digits), static_cast<std::size_t>(std::max(scale, 0L)));
}

std::string spell(const exact_number& n) {
  std::string text = n.digits;
  if (n.scale > 0) {
    if (text.size() <= n.scale) text.insert(0, n.scale + 1 - text.size(), '0');
    text.insert(text.size() - n.scale, ".");
  }
  return n.negative ? "-" + text : text;
}

exact_number add(const exact_number& a, const exact_number& b) {
  const std::size_t scale = std::max(a.scale, b.scale);
  const std::string left = scaled(a, scale);
  const std::string right = scaled(b, scale);
  if (a.negative == b.negative) return make(a.negative, add_digits(left, right), scale);
  if (compare_digits(left, right) >= 0)
    return make(a.negative, subtract_digits(left, right), scale);
  return make(b.negative, subtract_digits(right, left), scale);
}

exact_number subtract(const exact_number& a, const exact_number& b) {
  return add(a, make(!b.negative, b.digits, b.scale));
}

exact_number multiply(const exact_number& a, const exact_number& b) {
  return make(a.negative != b.negative, multiply_digits(a.digits, b.digits), a.scale + b.scale);
}

exact_number divide(const exact_number& a, const exact_number& b, std::size_t scale) {
  // a.digits/10^as ÷ b.digits/10^bs = (a.digits * 10^(scale + bs - as) / b.digits) / 10^scale
  std::string upper = a.digits;
  std::string lower = b.digits;
  if (scale + b.scale >= a.scale)
    upper.append(scale + b.scale - a.scale, '0');
  else
    lower.append(a.scale - scale - b.scale, '0');
  return make(a.negative != b.negative, divide_digits(upper, lower), scale);
}

exact_number round(const exact_number& a, std::size_t scale) {
  return divide(a, exact_number{false, "1", 0}, scale);
}

int compare(const exact_number& a, const exact_number& b) {
  const exact_number difference = subtract(a, b);
  if (difference.is_zero()) return 0;
  return difference.negative ? -1 : 1;
}

std::optional<long long> as_integer(std::string_view canonical) noexcept {
  long long i = 0;
  const auto [end, bad] = std::from_chars(canonical.data(), canonical.data() + canonical.size(), i);
  if (bad != std::errc{} || end != canonical.data() + canonical.size()) return {};
  return i;
}

}  // namespace luamig::bindings
