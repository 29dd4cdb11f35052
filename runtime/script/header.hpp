#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luamig::script {

/// The literal header of a migration file, read without running it.
struct header {
  std::string revision;
  std::vector<std::string> down_revision;
  std::vector<std::string> depends_on;
  std::vector<std::string> branch_labels;
  bool transactional = true;
  std::string irreversible;               ///< the reason; "" when it can be undone
  std::vector<std::string> environments;  ///< none: all
  std::string message;                    ///< the first line of the first comment block
  std::string notes;                      ///< the rest of that block
  bool has_upgrade = false;
  bool has_downgrade = false;
  bool has_verify = false;
  int revision_line = 0;  ///< from 1, for messages; 0 where the name is not set
  int down_revision_line = 0;
  int depends_on_line = 0;
  int branch_labels_line = 0;
  int environments_line = 0;
};

/// Reads the header of a migration file: of SQL where `path` ends in .sql, else of Lua.
///
/// SQL: `-- name: value` in comments above the sections `-- upgrade` and `-- downgrade`, values
/// bare and lists by commas. Throws error{errc::script} with file and line as `scan_lua` does, and
/// for a statement above the first section.
[[nodiscard]] header scan_header(std::string_view source, std::string_view path);

/// As scan_header, of a source whose file name nobody kept: SQL by its looks.
[[nodiscard]] header scan_kept(std::string_view source, std::string_view origin);

/// Reads the header of Lua source: literal assignments at the top level, or `return { … }` with a
/// literal table at the end of the file. `path` is for messages only.
///
/// Throws error{errc::script} with file and line for: no revision, a value that is not a literal, a
/// name set twice, a misspelt name (`down_revison`), `local revision`, `local function upgrade`, a
/// reserved or illegal id, an id over 255 bytes, an unfinished string, comment or bracket, no
/// upgrade(), no downgrade() without `irreversible`.
[[nodiscard]] header scan_lua(std::string_view source, std::string_view path);

}  // namespace luamig::script
