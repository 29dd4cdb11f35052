#include "db/copy_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/eight_bytes.hpp"
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

/// The bytes that may have to be escaped.
std::uint64_t marks_in(eight_bytes bytes) { return bytes.below('\r' + 1) | bytes.equal('\\'); }

char* write_byte(char c, char* to) {
  if (const char escaped = escape_of(c); escaped != 0) {
    *to++ = '\\';
    *to++ = escaped;
  } else {
    *to++ = c;
  }
  return to;
}

/// Most bytes stand for themselves: eight of them go at once, and room for as many is behind them.
char* write_escaped(std::string_view text, char* to) {
  const char* from = text.data();
  const char* const end = from + text.size();
  while (from != end) {
    const auto left = static_cast<std::size_t>(end - from);
    const bool whole = left >= eight_bytes::size;
    const auto bytes = whole ? eight_bytes::at(from) : eight_bytes::of(from, left);
    const std::size_t passed = std::min(left, eight_bytes::before(marks_in(bytes)));
    std::memcpy(to, &bytes.word, eight_bytes::size);
    from += passed;
    to += passed;
    if (from != end && passed < eight_bytes::size) to = write_byte(*from++, to);
  }
  return to;
}

char* write_text(std::string_view text, char* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

constexpr std::size_t most_of_scalar = 32;

/// The most that the cell takes, with the tab or line feed behind it and what is written past it.
std::size_t most_of(const cell& c) {
  return (c.kind < cell_kind::decimal ? most_of_scalar : 2 * std::size_t{c.size} + 4) +
         eight_bytes::size;
}

char* write_cell(const row_block& rows, const cell& c, char* to) {
  switch (c.kind) {
    case cell_kind::null:
      return write_text("\\N", to);
    case cell_kind::boolean:
      return write_text(c.integer != 0 ? "true" : "false", to);
    case cell_kind::integer:
      return std::to_chars(to, to + most_of_scalar, c.integer).ptr;
    case cell_kind::real:
      return write_text(real_text(c.real), to);
    case cell_kind::blob:
      return write_text("\\\\x" + to_hex(rows.bytes(c)), to);
    default:
      return write_escaped(rows.bytes(c), to);
  }
}

}  // namespace

std::string_view copy_text(const row_block& rows, std::size_t first, std::size_t last,
                           std::vector<char>& room) {
  const std::size_t columns = rows.columns();
  const auto cells = rows.cells().subspan(first * columns, (last - first) * columns);
  std::size_t most = 0;
  for (const cell& c : cells) most += most_of(c);
  if (room.size() < most) room.resize(most);
  char* to = room.data();
  std::size_t column = 0;
  for (const cell& c : cells) {
    to = write_cell(rows, c, to);
    const bool ends = ++column == columns;
    *to++ = ends ? '\n' : '\t';
    if (ends) column = 0;
  }
  return {room.data(), static_cast<std::size_t>(to - room.data())};
}

}  // namespace luamig::db
