#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace luamig::config {

/// A kind of TOML value that no setting has: a number with a point, a date, a mixed list.
struct other_value {
  std::string kind;  ///< "a date"
};

/// One key of a TOML file and its value.
struct toml_entry {
  std::vector<std::string> path;  ///< {"env", "production", "url"}
  std::variant<other_value, bool, std::int64_t, std::string, std::vector<std::string>> value;
  int line = 0;
};

/// One [table].
struct toml_table {
  std::vector<std::string> path;
  int line = 0;
};

/// A TOML file without its nesting, in the order of its lines.
struct toml_file {
  std::vector<toml_entry> entries;
  std::vector<toml_table> tables;
};

/// Throws error{errc::config} with file and line where the text is not TOML (a key or table given
/// twice is not either).
[[nodiscard]] toml_file parse_toml(std::string_view text, const std::string& path);

}  // namespace luamig::config
