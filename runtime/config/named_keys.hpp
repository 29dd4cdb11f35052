#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::config {

/// "env.production.url" in its parts.
using key_path = std::vector<std::string>;

// The sections whose keys hold a name that the author has chosen. A path stands without "env",
// NAME.

/// secrets.NAME or secrets.NAME.file
[[nodiscard]] bool is_secret_key(const key_path& path);
/// databases.NAME.url or databases.NAME.url_command
[[nodiscard]] bool is_database_key(const key_path& path);
/// Whether more than a value can stand below the path: [secrets], [databases], [databases.NAME].
[[nodiscard]] bool is_named_section(const key_path& path);

/// What is wrong with the author's name in the path; "" for nothing.
[[nodiscard]] std::string problem_of_name(const key_path& path);
/// How such a key is written; "" where the path is of another section.
[[nodiscard]] std::string_view form_of_named(const key_path& path);

}  // namespace luamig::config
