#include "codec/csv_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "base/eight_bytes.hpp"

namespace luamig::codec {
namespace {

// The bytes that begin there, of which so many are left.
eight_bytes bytes_at(const char* at, std::size_t left) {
  return left < eight_bytes::size ? eight_bytes::of(at, left) : eight_bytes::at(at);
}

bool wants_quotes(std::string_view field, const csv_style& style) {
  if (field == style.null) return true;
  for (std::size_t i = 0; i < field.size(); i += eight_bytes::size) {
    const auto bytes = bytes_at(field.data() + i, field.size() - i);
    const auto marks =
        bytes.equal(style.delimiter) | bytes.equal('"') | bytes.equal('\n') | bytes.equal('\r');
    if (marks != 0) return true;
  }
  return false;
}

// Every quote twice. There is room for eight bytes more than that takes.
char* write_doubled(std::string_view field, char* to) {
  const char* from = field.data();
  const char* const end = from + field.size();
  while (from != end) {
    const auto left = static_cast<std::size_t>(end - from);
    const auto bytes = bytes_at(from, left);
    const std::size_t passed = std::min(left, eight_bytes::before(bytes.equal('"')));
    std::memcpy(to, &bytes.word, eight_bytes::size);
    from += passed;
    to += passed;
    if (from == end || passed == eight_bytes::size) continue;
    if (*from == '"') *to++ = '"';
    *to++ = *from++;
  }
  return to;
}

}  // namespace

void append_csv_field(std::string_view field, const csv_style& style, std::string& to) {
  if (!wants_quotes(field, style)) {
    to.append(field);
    return;
  }
  const std::size_t begin = to.size();
  to.resize(begin + 2 * field.size() + 2 + eight_bytes::size);
  char* at = to.data() + begin;
  *at++ = '"';
  at = write_doubled(field, at);
  *at++ = '"';
  to.resize(static_cast<std::size_t>(at - to.data()));
}

}  // namespace luamig::codec
