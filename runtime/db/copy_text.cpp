#include "db/copy_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "db/value_text.hpp"

namespace luamig::db {
namespace {

/// What COPY reads behind a backslash for this byte; 0: the byte stands for itself.
char escape_of(char c) {
  switch (c) {
    case '\\':
      return '\\';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

/// Whether none of eight bytes may have to be escaped: no control character, no backslash.
bool are_plain(const char* bytes) {
  constexpr std::uint64_t each = 0x0101010101010101U;
  const auto below = [](std::uint64_t of, std::uint64_t limit) {
    return (of - limit * each) & ~of & (0x80 * each);
  };
  std::uint64_t eight = 0;
  std::memcpy(&eight, bytes, sizeof eight);
  return (below(eight, '\r' + 1) | below(eight ^ ('\\' * each), 1)) == 0;
}

/// Most texts have nothing to escape: they go in runs, and are looked at eight bytes at a time.
void append_escaped(std::string_view text, std::string& to) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text.size() - i >= 8 && are_plain(text.data() + i)) {
      i += 8;
      continue;
    }
    if (const char escaped = escape_of(text[i]); escaped != 0) {
      to.append(text, from, i - from);
      to += '\\';
      to += escaped;
      from = i + 1;
    }
    ++i;
  }
  to.append(text, from, text.size() - from);
}

void append_integer(std::int64_t i, std::string& to) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), i);
  to.append(digits.data(), end.ptr);
}

void append_cell(const row_block& rows, const cell& c, std::string& to) {
  switch (c.kind) {
    case cell_kind::null:
      to += "\\N";
      break;
    case cell_kind::boolean:
      to += c.integer != 0 ? "true" : "false";
      break;
    case cell_kind::integer:
      append_integer(c.integer, to);
      break;
    case cell_kind::real:
      to += real_text(c.real);
      break;
    case cell_kind::blob:
      to += "\\\\x" + to_hex(rows.bytes(c));
      break;
    default:
      append_escaped(rows.bytes(c), to);
  }
}

}  // namespace

void append_copy_text(const row_block& rows, std::size_t first, std::size_t last, std::string& to) {
  for (std::size_t row = first; row < last; ++row) {
    for (std::size_t i = 0; i < rows.columns(); ++i) {
      if (i > 0) to += '\t';
      append_cell(rows, rows.at(row, i), to);
    }
    to += '\n';
  }
}

}  // namespace luamig::db
