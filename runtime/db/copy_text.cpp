#include "db/copy_text.hpp"

#include <array>
#include <charconv>

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

/// Most texts have nothing to escape: they go in runs.
void append_escaped(std::string_view text, std::string& to) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] > '\r' && text[i] != '\\') continue;
    const char escaped = escape_of(text[i]);
    if (escaped == 0) continue;
    to.append(text, from, i - from);
    to += '\\';
    to += escaped;
    from = i + 1;
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
