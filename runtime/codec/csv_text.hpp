#pragma once

#include <string>
#include <string_view>

namespace luamig::codec {

/// How CSV is written.
struct csv_style {
  char delimiter = ',';
  std::string null;  ///< what stands for NULL, without quotes; a text that is the same is in quotes
};

/// Adds a field by RFC 4180: in quotes where it has a delimiter, a quote or a line's end in it, or
/// could be taken for NULL.
void append_csv_field(std::string_view field, const csv_style& style, std::string& to);

}  // namespace luamig::codec
