#include "bindings/row_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/eight_bytes.hpp"
#include "codec/unicode.hpp"

namespace luamig::bindings {
namespace {

using sort = row_value::sort;

constexpr std::size_t whole_room = 64 * 1024;

row_value for_lua() { return row_value::of(sort::unknown); }

bool is_count(const row_value& v, double least) {
  return v.what() == sort::number && v.number() >= least && v.number() == std::floor(v.number());
}

// A position of string.sub as it counts them, from 1 or from the end.
std::optional<std::ptrdiff_t> position(const row_value& v, std::size_t size) {
  constexpr double limit = 2147483648.0;  // Lua takes them as of 32 bits
  if (!v.is_short_integer() || std::fabs(v.number()) >= limit) return std::nullopt;
  const auto n = static_cast<std::ptrdiff_t>(v.number());
  return n < 0 ? n + static_cast<std::ptrdiff_t>(size) + 1 : n;
}

row_value substring(std::string_view text, std::span<const row_value> rest) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
  if (rest.empty() || rest.size() > 2) return for_lua();
  const auto first = position(rest[0], text.size());
  const auto last = rest.size() == 2 ? position(rest[1], text.size()) : size;
  if (!first || !last) return for_lua();
  const std::ptrdiff_t from = std::max<std::ptrdiff_t>(*first, 1);
  const std::ptrdiff_t to = std::min(*last, size);
  if (from > to) return row_value::of(std::string_view());
  return row_value::of(
      text.substr(static_cast<std::size_t>(from - 1), static_cast<std::size_t>(to - from + 1)));
}

row_value coalesced(std::span<const row_value> arguments) {
  for (const row_value& v : arguments) {
    if (!v.is_nothing()) return v;
  }
  return arguments.empty() ? row_value::of(sort::nil) : arguments.back();
}

// Writes the text with its ASCII letters from `first` on, 'A' or 'a', in the other case, and gives
// all its bytes, or-ed. There is room for eight more at its end.
[[nodiscard]] std::uint64_t write_other_case(std::string_view text, char first, char* to) {
  // Of a byte below 0x80 the highest bit of a sum says whether it is so much or more.
  const auto since = [](eight_bytes bytes, char least) {
    return bytes.word + (0x80U - static_cast<unsigned char>(least)) * eight_bytes::each;
  };
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < text.size(); i += eight_bytes::size) {
    const std::size_t left = text.size() - i;
    const char* const at = text.data() + i;
    eight_bytes bytes = left < eight_bytes::size ? eight_bytes::of(at, left) : eight_bytes::at(at);
    all |= bytes.word;
    const auto ascii = eight_bytes{bytes.word & ~eight_bytes::highest};
    const std::uint64_t letters = since(ascii, first) &
                                  ~since(ascii, static_cast<char>(first + 26)) & ~bytes.word &
                                  eight_bytes::highest;
    bytes.word ^= letters >> 2U;  // 0x20, what the cases differ in
    std::memcpy(to + i, &bytes.word, eight_bytes::size);
  }
  return all;
}

// The text that a word is about: its first argument, or a row and the name of a column. Nil where
// that is NULL. The rest of the arguments stays.
row_value take_subject(std::span<const row_value>& arguments, const row_words::stand& place) {
  if (arguments.empty()) return for_lua();
  const row_value& first = arguments[0];
  if (first.what() == sort::text) {
    arguments = arguments.subspan(1);
    return first;
  }
  if (first.what() != sort::row || arguments.size() < 2 || arguments[1].what() != sort::text ||
      arguments[1].index() == 0)
    return for_lua();
  const int column = place.code.column(arguments[1].index() - 1U);
  if (column < 0) return for_lua();
  arguments = arguments.subspan(2);
  const db::cell& cell = place.block.at(place.row, static_cast<std::size_t>(column));
  if (cell.kind == db::cell_kind::null) return row_value::of(sort::nil);
  if (cell.kind != db::cell_kind::text) return for_lua();
  return row_value::of(place.block.bytes(cell));
}

}  // namespace

row_words::row_words() : room_(std::make_unique_for_overwrite<char[]>(whole_room)) {}

char* row_words::room(std::size_t size) noexcept {
  if (whole_room - used_ < size) return nullptr;
  char* const begin = room_.get() + used_;
  used_ += size;
  return begin;
}

row_value row_words::copied(std::string_view text) {
  char* const to = room(text.size());
  if (to == nullptr) return for_lua();
  std::memcpy(to, text.data(), text.size());
  return row_value::of(std::string_view(to, text.size()));
}

row_value row_words::changed_case(std::string_view text, bool lower) {
  char* const to = room(text.size() + eight_bytes::size);
  if (to == nullptr) return for_lua();
  const std::uint64_t all = write_other_case(text, lower ? 'A' : 'a', to);
  if ((all & eight_bytes::highest) == 0) return row_value::of(std::string_view(to, text.size()));
  (void)codec::change_case(text, lower ? codec::letter_case::lower : codec::letter_case::upper,
                           scratch_);
  return copied(scratch_);
}

row_value row_words::text_word(row_word word, std::span<const row_value> arguments,
                               const stand& place) {
  const row_value of = take_subject(arguments, place);
  if (!of.is_known()) return of;
  if (word == row_word::text_truncate &&
      (arguments.empty() || !is_count(arguments[0], 0) || arguments[0].number() >= 1e15))
    return for_lua();
  if (of.what() == sort::nil) return of;
  switch (word) {
    case row_word::text_lower:
    case row_word::text_upper:
      return changed_case(of.text(), word == row_word::text_lower);
    case row_word::text_len:
      return row_value::of(static_cast<double>(codec::count_characters(of.text())));
    default:
      return row_value::of(
          codec::beginning(of.text(), static_cast<std::size_t>(arguments[0].number())));
  }
}

row_value row_words::json_at(std::span<const row_value> arguments, const stand& place) {
  const row_value of = take_subject(arguments, place);
  if (of.what() != sort::text) return of;
  path_.clear();
  for (const row_value& step : arguments) {
    if (step.what() == sort::text) {
      path_.push_back({step.text()});
    } else if (is_count(step, 1)) {
      path_.push_back({{}, step.number()});
    } else {
      return for_lua();
    }
  }
  const codec::json_found found = codec::find_json(of.text(), path_);
  if (found.twice.size != 0) return for_lua();
  if (!found.is_there) return row_value::of(sort::nil);
  switch (found.value.kind) {
    case codec::json_kind::null:
      return row_value::of(sort::null);
    case codec::json_kind::no:
    case codec::json_kind::yes:
      return row_value::of(found.value.kind == codec::json_kind::yes);
    case codec::json_kind::number:
      if (const auto n = codec::plain_number(found.value.of(of.text()))) return row_value::of(*n);
      return for_lua();
    case codec::json_kind::text:
      if (found.value.plain) return row_value::of(found.value.inner(of.text()));
      scratch_.clear();
      codec::append_unescaped(found.value.inner(of.text()), scratch_);
      return copied(scratch_);
    default:
      return for_lua();
  }
}

row_value row_words::string_word(row_word word, std::span<const row_value> arguments) {
  if (arguments.empty() || arguments[0].what() != sort::text) return for_lua();
  const std::string_view text = arguments[0].text();
  if (word == row_word::string_sub) return substring(text, arguments.subspan(1));
  if (word == row_word::string_len) return row_value::of(static_cast<double>(text.size()));
  char* const to = room(text.size() + eight_bytes::size);
  if (to == nullptr) return for_lua();
  (void)write_other_case(text, word == row_word::string_lower ? 'A' : 'a', to);
  return row_value::of(std::string_view(to, text.size()));
}

row_value row_words::call(row_word word, std::span<const row_value> arguments, const stand& place) {
  switch (word) {
    case row_word::text_lower:
    case row_word::text_upper:
    case row_word::text_len:
    case row_word::text_truncate:
      return text_word(word, arguments, place);
    case row_word::json_at:
      return json_at(arguments, place);
    case row_word::string_lower:
    case row_word::string_upper:
    case row_word::string_sub:
    case row_word::string_len:
      return string_word(word, arguments);
    case row_word::is_null:
      if (!arguments.empty() && !arguments[0].is_known()) return arguments[0];
      return row_value::of(arguments.empty() || arguments[0].is_nothing());
    case row_word::coalesce:
      return coalesced(arguments);
    default:
      return for_lua();
  }
}

}  // namespace luamig::bindings
