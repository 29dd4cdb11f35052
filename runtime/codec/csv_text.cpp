#include "codec/csv_text.hpp"

#include <algorithm>

namespace luamig::codec {
namespace {

bool wants_quotes(std::string_view field, const csv_style& style) {
  if (field == style.null) return true;
  return std::any_of(field.begin(), field.end(), [&](char c) {
    return c == style.delimiter || c == '"' || c == '\n' || c == '\r';
  });
}

}  // namespace

void append_csv_field(std::string_view field, const csv_style& style, std::string& to) {
  if (!wants_quotes(field, style)) {
    to.append(field);
    return;
  }
  to += '"';
  for (const char c : field) {
    if (c == '"') to += '"';
    to += c;
  }
  to += '"';
}

}  // namespace luamig::codec
