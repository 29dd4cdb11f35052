#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/eight_bytes.hpp"

namespace luamig::text {
namespace {

/// Damerau-Levenshtein with adjacent swaps, given up (limit + 1) once it must exceed `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size() + limit || b.size() > a.size() + limit) return limit + 1;
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct unit {
  std::string_view name;
  double factor;
};

std::optional<std::int64_t> parse_with_unit(std::string_view s, std::span<const unit> units) {
  double number = 0;
  const auto [end, problem] = std::from_chars(s.data(), s.data() + s.size(), number);
  if (problem != std::errc{} || !std::isfinite(number) || number < 0) return std::nullopt;
  const std::string_view suffix = s.substr(static_cast<std::size_t>(end - s.data()));
  for (const unit& u : units) {
    if (u.name != suffix) continue;
    const double result = number * u.factor;
    if (result > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(std::llround(result));
  }
  return suffix.empty() && number == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
}

std::string quoted(std::string_view s, char quote) {
  std::string out;
  out.reserve(s.size() + 2);
  out += quote;
  for (const char c : s) {
    if (c == quote) out += quote;
    out += c;
  }
  out += quote;
  return out;
}

/// The length of the valid UTF-8 sequence at `i`, 0 when it is not one (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view s, std::size_t i) noexcept {
  const auto at = [&](std::size_t k) -> unsigned {
    return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U;
  };
  const auto tail = [&](std::size_t k) { return (at(k) & 0xC0U) == 0x80U; };
  const unsigned c = at(i);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(i + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const unsigned low = c == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = c == 0xED ? 0x9F : 0xBF;
    return at(i + 1) >= low && at(i + 1) <= high && tail(i + 2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const unsigned low = c == 0xF0 ? 0x90 : 0x80;
    const unsigned high = c == 0xF4 ? 0x8F : 0xBF;
    return at(i + 1) >= low && at(i + 1) <= high && tail(i + 2) && tail(i + 3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate, best - 1);
    if (distance < best) {
      best = distance;
      found = &candidate;
    }
  }
  return found == nullptr ? std::nullopt : std::optional<std::string>(*found);
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? " (did you mean '" + *near + "'?)" : "";
}

bool is_plain_ascii(std::string_view bytes) noexcept {
  // Of a byte that is zero the difference has the highest bit.
  const auto marks = [](std::uint64_t word) { return word | (word - eight_bytes::each); };
  const std::size_t size = bytes.size();
  if (size < eight_bytes::size) {
    const std::uint64_t filled =
        eight_bytes::of(bytes.data(), size).word | eight_bytes::each_behind(size);
    return (marks(filled) & eight_bytes::highest) == 0;
  }
  std::uint64_t found = marks(eight_bytes::at(bytes.data() + size - eight_bytes::size).word);
  for (std::size_t i = 0; i + eight_bytes::size <= size; i += eight_bytes::size)
    found |= marks(eight_bytes::at(bytes.data() + i).word);
  return (found & eight_bytes::highest) == 0;
}

std::optional<std::size_t> invalid_utf8(std::string_view bytes) noexcept {
  if (is_plain_ascii(bytes)) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size();) {
    if (bytes.size() - i >= eight_bytes::size && eight_bytes::at(bytes.data() + i).high() == 0) {
      i += eight_bytes::size;
      continue;
    }
    const std::size_t length = sequence_length(bytes, i);
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

std::string escape_controls(std::string_view bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    // U+0080…U+009F are controls too: C2 80 … C2 9F.
    const bool c1 = c == 0xC2 && i + 1 < bytes.size() &&
                    static_cast<unsigned char>(bytes[i + 1]) >= 0x80 &&
                    static_cast<unsigned char>(bytes[i + 1]) <= 0x9F;
    if ((c >= 0x20 && c != 0x7F && !c1) || c == '\n' || c == '\t') {
      out += bytes[i];
      continue;
    }
    const unsigned shown = c1 ? static_cast<unsigned char>(bytes[++i]) : c;
    out += "\\x";
    out += digits[shown >> 4U];
    out += digits[shown & 15U];
  }
  return out;
}

std::string one_line(std::string_view bytes) {
  std::string out;
  for (const char c : escape_controls(bytes)) {
    if (c == '\n') {
      out += "\\x0a";
    } else {
      out += c;
    }
  }
  return out;
}

std::string in_quotes(std::string_view name) { return "'" + escape_controls(name) + "'"; }

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string> split(std::string_view s, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t at = s.find(separator, from);
    parts.emplace_back(s.substr(from, at == std::string_view::npos ? at : at - from));
    if (at == std::string_view::npos) return parts;
    from = at + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out += separator;
    out += part;
  }
  return out;
}

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string sql_string(std::string_view s) { return quoted(s, '\''); }
std::string sql_identifier(std::string_view s) { return quoted(s, '"'); }

std::string shorten(std::string_view s, std::size_t limit) {
  if (s.size() <= limit) return std::string(s);
  static constexpr std::string_view mark = "…";
  std::size_t end = limit > mark.size() ? limit - mark.size() : 0;
  while (end > 0 && (static_cast<unsigned char>(s[end]) & 0xC0U) == 0x80U) --end;
  return std::string(s.substr(0, end)) + std::string(mark);
}

std::optional<std::int64_t> parse_duration_ms(std::string_view s) noexcept {
  static constexpr std::array<unit, 4> units{
      {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}}};
  return parse_with_unit(s, units);
}

std::optional<std::int64_t> parse_size(std::string_view s) noexcept {
  static constexpr std::array<unit, 8> units{{{"", 1},
                                              {"B", 1},
                                              {"KB", 1024},
                                              {"KiB", 1024},
                                              {"MB", 1024.0 * 1024},
                                              {"MiB", 1024.0 * 1024},
                                              {"GB", 1024.0 * 1024 * 1024},
                                              {"GiB", 1024.0 * 1024 * 1024}}};
  return parse_with_unit(s, units);
}

}  // namespace luamig::text
