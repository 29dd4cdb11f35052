#include "codec/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "base/eight_bytes.hpp"
#include "base/error.hpp"

namespace luamig::codec {
namespace {

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; }

/// The code point at `at`, which is moved behind it.
utf8proc_int32_t next(std::string_view text, std::size_t& at) {
  utf8proc_int32_t point = 0;
  const auto rest = static_cast<utf8proc_ssize_t>(text.size() - at);
  const utf8proc_ssize_t size = utf8proc_iterate(bytes_of(text) + at, rest, &point);
  if (size < 1)
    throw error{errc::migration, "the text is not UTF-8 at offset " + std::to_string(at)};
  at += static_cast<std::size_t>(size);
  return point;
}

/// Changes the letters from `first` on, 26 of them, and returns whether there were any.
bool change_ascii(char* text, std::size_t size, char first) {
  unsigned char changed = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto place = static_cast<unsigned char>(text[i] - first);
    const auto flip = static_cast<unsigned char>(place < 26 ? 0x20 : 0);
    text[i] = static_cast<char>(text[i] ^ flip);
    changed = static_cast<unsigned char>(changed | flip);
  }
  return changed != 0;
}

std::size_t ascii_size(std::string_view text) {
  std::size_t at = 0;
  while (at + eight_bytes::size <= text.size() && eight_bytes::at(text.data() + at).high() == 0)
    at += eight_bytes::size;
  while (at < text.size() && is_ascii(text[at])) ++at;
  return at;
}

void append(utf8proc_int32_t point, std::string& out) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const utf8proc_ssize_t size = utf8proc_encode_char(point, bytes.data());
  out.append(bytes.begin(), bytes.begin() + size);
}

}  // namespace

bool change_case(std::string_view text, letter_case to, std::string& out) {
  std::size_t at = ascii_size(text);
  out.assign(text, 0, at);
  bool changed = change_ascii(out.data(), at, to == letter_case::lower ? 'A' : 'a');
  while (at < text.size()) {
    const utf8proc_int32_t point = next(text, at);
    const utf8proc_int32_t other =
        to == letter_case::lower ? utf8proc_tolower(point) : utf8proc_toupper(point);
    changed = changed || other != point;
    append(other, out);
  }
  return changed;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (is_ascii(text[at]))
      ++at;
    else
      next(text, at);
  }
  return count;
}

std::string_view beginning(std::string_view text, std::size_t most) {
  std::size_t edge = 0;  // the last end of a whole character that is not too far
  std::size_t count = 0;
  utf8proc_int32_t before = 0;
  utf8proc_int32_t state = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::size_t start = at;
    const utf8proc_int32_t point = next(text, at);
    if (start == 0 || utf8proc_grapheme_break_stateful(before, point, &state)) edge = start;
    if (count == most) return text.substr(0, edge);
    before = point;
  }
  return text;
}

}  // namespace luamig::codec
