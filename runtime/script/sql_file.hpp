#pragma once

#include <string_view>

#include "script/header.hpp"

namespace luamig::script {

/// Part of an SQL file as it stands there, and the line of its first byte; line 0: there is none.
struct sql_section {
  std::string_view text;
  int line = 0;
};

/// What stands below the lines `-- upgrade` and `-- downgrade`. Views the source.
struct sql_sections {
  sql_section upgrade;
  sql_section downgrade;
};

/// Whether a file of this name is one of SQL, by its ending.
[[nodiscard]] inline bool is_sql_name(std::string_view name) { return name.ends_with(".sql"); }
/// Whether the text is a migration in SQL: nothing but comments stands above its first section.
[[nodiscard]] bool is_sql_source(std::string_view source);

/// The header of an SQL file, whose bytes are known to be text. Throws as `scan_header`.
[[nodiscard]] header read_sql_header(std::string_view source, std::string_view path);
/// The message of one that is run whole; a header or section in it is error{errc::script}.
[[nodiscard]] header read_sql_repeatable(std::string_view source, std::string_view path);
/// Cuts what `read_sql_header` has accepted.
[[nodiscard]] sql_sections read_sql_sections(std::string_view source);

}  // namespace luamig::script
