#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/number.hpp"
#include "base/text.hpp"
#include "codec/json.hpp"

namespace luamig::codec {
namespace {

constexpr auto first_wide = static_cast<double>(plain_limit);
constexpr double first_exponent = 1e21;  // from where JavaScript too writes exponents

unsigned hex4(std::string_view digits) {
  unsigned unit = 0;
  std::from_chars(digits.data(), digits.data() + 4, unit, 16);
  return unit;
}

void append_utf8(unsigned c, std::string& out) {
  const auto add = [&out](unsigned byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return add(c);
  if (c < 0x800) {
    add(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      add(0xE0U | (c >> 12U));
    } else {
      add(0xF0U | (c >> 18U));
      add(0x80U | ((c >> 12U) & 0x3FU));
    }
    add(0x80U | ((c >> 6U) & 0x3FU));
  }
  add(0x80U | (c & 0x3FU));
}

char simple_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

void append_control(unsigned char c, std::string& out) {
  constexpr std::string_view names = "btn?fr";  // from 8 on; 11 has none
  constexpr std::string_view digits = "0123456789abcdef";
  out += '\\';
  if (c >= 8 && c <= 13 && c != 11) {
    out += names[c - 8U];
    return;
  }
  out += "u00";
  out += digits[c >> 4U];
  out += digits[c & 15U];
}

// The digits of a number without its sign, point, exponent and the zeros around, and the power of
// ten of the last: the same for two spellings of one value.
struct significant {
  std::array<char, 24> digits{};
  std::size_t count = 0;
  long exponent = 0;
  bool fits = true;

  bool operator==(const significant& other) const {
    return fits && other.fits && count == other.count && exponent == other.exponent &&
           std::string_view(digits.data(), count) ==
               std::string_view(other.digits.data(), other.count);
  }
};

significant significant_of(std::string_view spelled) {
  significant s;
  const auto e = std::min(spelled.find_first_of("eE"), spelled.size());
  long exponent = 0;
  if (e != spelled.size()) {
    const bool plus = spelled[e + 1] == '+';
    const char* const end = spelled.data() + spelled.size();
    const auto read = std::from_chars(spelled.data() + e + 1 + (plus ? 1 : 0), end, exponent);
    s.fits = read.ec == std::errc{} && std::abs(exponent) < 1'000'000;
  }
  bool behind_point = false;
  long zeros = 0;  // seen, and not yet known to stand before another digit
  for (const char c : spelled.substr(0, e)) {
    if (c == '-') continue;
    if (c == '.') {
      behind_point = true;
      continue;
    }
    if (behind_point) --exponent;
    if (c == '0') {
      ++zeros;
      continue;
    }
    if (s.count == 0) zeros = 0;
    const auto length = s.count + static_cast<std::size_t>(zeros) + 1;
    if (length > s.digits.size()) {
      s.fits = false;
      return s;
    }
    for (; zeros > 0; --zeros) s.digits[s.count++] = '0';
    s.digits[s.count++] = c;
  }
  s.exponent = s.count == 0 ? 0 : exponent + zeros;
  return s;
}

std::string_view shortest(double number, std::array<char, 32>& room) {
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

// Digits of an integer below 10^14; nothing for a longer one and for what has more than digits.
std::optional<double> short_integer(std::string_view spelled) {
  if (spelled.size() > 15) return {};
  const bool negative = spelled.front() == '-';
  std::int64_t i = 0;
  for (const char c : spelled.substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9') return {};
    i = i * 10 + (c - '0');
  }
  const auto number = static_cast<double>(i);
  if (number >= first_wide) return {};
  return negative ? -number : number;
}

}  // namespace

void append_unescaped(std::string_view inner, std::string& out) {
  for (std::size_t at = 0; at < inner.size();) {
    const std::size_t escape = std::min(inner.find('\\', at), inner.size());
    out += inner.substr(at, escape - at);
    if (escape == inner.size()) return;
    const char kind = inner[escape + 1];
    at = escape + 2;
    if (kind != 'u') {
      out += simple_escape(kind);
      continue;
    }
    unsigned c = hex4(inner.substr(at));
    at += 4;
    if (c >= 0xD800 && c <= 0xDBFF) {
      c = 0x10000 + ((c - 0xD800) << 10U) + (hex4(inner.substr(at + 2)) - 0xDC00);
      at += 6;
    }
    append_utf8(c, out);
  }
}

std::optional<std::size_t> append_json_text(std::string_view text, std::string& out) {
  out += '"';
  std::size_t from = 0;
  unsigned char seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    seen = static_cast<unsigned char>(seen | c);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(from, i - from);
    from = i + 1;
    if (c < 0x20) {
      append_control(c, out);
    } else {
      out += '\\';
      out += text[i];
    }
  }
  out += text.substr(from);
  out += '"';
  if ((seen & 0x80U) == 0) return {};
  return text::invalid_utf8(text);
}

std::optional<double> plain_number(std::string_view spelled) {
  if (const auto i = short_integer(spelled)) return i;
  double number = 0;
  const auto [end, problem] =
      std::from_chars(spelled.data(), spelled.data() + spelled.size(), number);
  if (problem != std::errc{} || !std::isfinite(number)) return {};
  const double size = std::fabs(number);
  const bool whole = number == std::floor(number);
  if (whole && size >= first_wide && size < first_exponent) return {};
  // Digits alone are an integer, which has every one of them in its exact form.
  if (whole && spelled.find_first_of(".eE") == std::string_view::npos) return {};
  std::array<char, 32> room{};
  if (!(significant_of(spelled) == significant_of(shortest(number, room)))) return {};
  return number;
}

void append_json_number(double number, std::string& out) {
  std::array<char, 32> room{};
  const bool zero = number == 0 && std::signbit(number);
  if (zero || number != std::floor(number) || std::fabs(number) >= exact_limit) {
    out += shortest(number, room);
    return;
  }
  const auto end =
      std::to_chars(room.data(), room.data() + room.size(), static_cast<long long>(number)).ptr;
  out.append(room.data(), end);
}

}  // namespace luamig::codec
