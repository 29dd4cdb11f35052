#include "bindings/row_words.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "codec/unicode.hpp"

namespace luamig::bindings {
namespace {

using sort = row_value::sort;

constexpr std::size_t whole_room = 64 * 1024;

bool is_position(const row_value& v) {
  return v.what == sort::number && v.number >= 1 && v.number == std::floor(v.number);
}

// A position of string.sub as it counts them, from 1 or from the end.
std::optional<std::ptrdiff_t> position(const row_value& v, std::size_t size) {
  constexpr double limit = 2147483648.0;  // Lua takes them as of 32 bits
  if (!v.is_short_integer() || std::fabs(v.number) >= limit) return std::nullopt;
  const auto n = static_cast<std::ptrdiff_t>(v.number);
  return n < 0 ? n + static_cast<std::ptrdiff_t>(size) + 1 : n;
}

std::optional<row_value> substring(std::string_view text, std::span<const row_value> rest) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
  if (rest.empty() || rest.size() > 2) return std::nullopt;
  const auto first = position(rest[0], text.size());
  const auto last = rest.size() == 2 ? position(rest[1], text.size()) : size;
  if (!first || !last) return std::nullopt;
  const std::ptrdiff_t from = std::max<std::ptrdiff_t>(*first, 1);
  const std::ptrdiff_t to = std::min(*last, size);
  if (from > to) return row_value::of(std::string_view());
  return row_value::of(
      text.substr(static_cast<std::size_t>(from - 1), static_cast<std::size_t>(to - from + 1)));
}

}  // namespace

row_words::row_words() : room_(std::make_unique_for_overwrite<char[]>(whole_room)) {}

char* row_words::room(std::size_t size) noexcept {
  if (whole_room - used_ < size) return nullptr;
  char* const begin = room_.get() + used_;
  used_ += size;
  return begin;
}

std::optional<row_value> row_words::copied(std::string_view text) {
  char* const to = room(text.size());
  if (to == nullptr) return std::nullopt;
  std::memcpy(to, text.data(), text.size());
  return row_value::of(std::string_view(to, text.size()));
}

std::optional<row_words::subject> row_words::subject_of(std::span<const row_value> arguments,
                                                        const stand& place) {
  if (arguments.empty()) return std::nullopt;
  if (arguments[0].what == sort::text) return subject{arguments[0].text(), 1};
  if (arguments[0].what != sort::row || arguments.size() < 2 || arguments[1].index == 0 ||
      arguments[1].what != sort::text)
    return std::nullopt;
  const int column = place.code.column(arguments[1].index - 1U);
  if (column < 0) return std::nullopt;
  const db::cell& cell = place.block.at(place.row, static_cast<std::size_t>(column));
  if (cell.kind == db::cell_kind::null) return subject{std::nullopt, 2};
  if (cell.kind != db::cell_kind::text) return std::nullopt;
  return subject{place.block.bytes(cell), 2};
}

std::optional<row_value> row_words::changed_case(std::string_view text, bool lower) {
  const char first = lower ? 'A' : 'a';
  char* const to = room(text.size());
  if (to == nullptr) return std::nullopt;
  unsigned char all = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto place = static_cast<unsigned char>(text[i] - first);
    all = static_cast<unsigned char>(all | static_cast<unsigned char>(text[i]));
    to[i] = static_cast<char>(text[i] ^ (place < 26 ? 0x20 : 0));
  }
  if (all < 0x80) return row_value::of(std::string_view(to, text.size()));
  (void)codec::change_case(text, lower ? codec::letter_case::lower : codec::letter_case::upper,
                           scratch_);
  return copied(scratch_);
}

std::optional<row_value> row_words::text_word(row_word word, std::span<const row_value> arguments,
                                              const stand& place) {
  const auto of = subject_of(arguments, place);
  if (!of) return std::nullopt;
  const auto rest = arguments.subspan(of->next);
  if (word == row_word::text_truncate) {
    if (rest.empty() || rest[0].what != sort::number || rest[0].number < 0 ||
        rest[0].number != std::floor(rest[0].number) || rest[0].number >= 1e15)
      return std::nullopt;
  }
  if (!of->text) return row_value::of(sort::nil);
  switch (word) {
    case row_word::text_lower:
    case row_word::text_upper:
      return changed_case(*of->text, word == row_word::text_lower);
    case row_word::text_len:
      return row_value::of(static_cast<double>(codec::count_characters(*of->text)));
    default:
      return row_value::of(codec::beginning(*of->text, static_cast<std::size_t>(rest[0].number)));
  }
}

std::optional<row_value> row_words::json_at(std::span<const row_value> arguments,
                                            const stand& place) {
  const auto of = subject_of(arguments, place);
  if (!of) return std::nullopt;
  if (!of->text) return row_value::of(sort::nil);
  path_.clear();
  for (const row_value& step : arguments.subspan(of->next)) {
    if (step.what == sort::text) {
      path_.push_back({step.text()});
    } else if (is_position(step)) {
      path_.push_back({{}, step.number});
    } else {
      return std::nullopt;
    }
  }
  const codec::json_found found = codec::find_json(*of->text, path_);
  if (found.twice.size != 0) return std::nullopt;
  if (!found.is_there) return row_value::of(sort::nil);
  switch (found.value.kind) {
    case codec::json_kind::null:
      return row_value::of(sort::null);
    case codec::json_kind::no:
    case codec::json_kind::yes:
      return row_value::of(found.value.kind == codec::json_kind::yes);
    case codec::json_kind::number:
      if (const auto n = codec::plain_number(found.value.of(*of->text))) return row_value::of(*n);
      return std::nullopt;
    case codec::json_kind::text:
      if (found.value.plain) return row_value::of(found.value.inner(*of->text));
      scratch_.clear();
      codec::append_unescaped(found.value.inner(*of->text), scratch_);
      return copied(scratch_);
    default:
      return std::nullopt;
  }
}

std::optional<row_value> row_words::string_word(row_word word,
                                                std::span<const row_value> arguments) {
  if (arguments.empty() || arguments[0].what != sort::text) return std::nullopt;
  const std::string_view text = arguments[0].text();
  if (word == row_word::string_sub) return substring(text, arguments.subspan(1));
  if (word == row_word::string_len) return row_value::of(static_cast<double>(text.size()));
  const char first = word == row_word::string_lower ? 'A' : 'a';
  char* const to = room(text.size());
  if (to == nullptr) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto place = static_cast<unsigned char>(text[i] - first);
    to[i] = static_cast<char>(text[i] ^ (place < 26 ? 0x20 : 0));
  }
  return row_value::of(std::string_view(to, text.size()));
}

std::optional<row_value> row_words::call(row_word word, std::span<const row_value> arguments,
                                         const stand& place) {
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
      if (!arguments.empty() && arguments[0].what == sort::unknown) return std::nullopt;
      return row_value::of(arguments.empty() || arguments[0].is_nothing());
    case row_word::coalesce: {
      for (const row_value& v : arguments) {
        if (v.what == sort::unknown) return std::nullopt;
        if (!v.is_nothing()) return v;
      }
      return arguments.empty() ? row_value::of(sort::nil) : arguments.back();
    }
    default:
      return std::nullopt;
  }
}

}  // namespace luamig::bindings
