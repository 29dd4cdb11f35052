#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::config {

/// One line of a .env file.
struct dotenv_entry {
  std::string name;
  std::string value;
  int line = 0;
};

/// Reads KEY=VALUE lines. `export` before a key, blank lines, # comments (in an unquoted value:
/// after a blank) and quotes are understood: '…' is literal, "…" knows \n \r \t \" \\ \$. Nothing
/// is expanded: $ is a plain $. A later line of the same key wins.
///
/// Throws error{errc::config} with file and line for anything else; the message never shows a
/// value.
[[nodiscard]] std::vector<dotenv_entry> parse_dotenv(std::string_view text, std::string_view path);

}  // namespace luamig::config
