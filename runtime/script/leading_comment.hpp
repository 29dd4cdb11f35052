#pragma once

#include <string>
#include <string_view>

namespace luamig::script {

/// What the author wrote above the first statement.
struct leading_comment {
  std::string message;  ///< its first line that is not empty
  std::string notes;    ///< the lines below, without empty ones at either end
};

/// Reads the comment block before the first statement: `--` lines without a gap, or one --[[ ]].
[[nodiscard]] leading_comment read_leading_comment(std::string_view source);

}  // namespace luamig::script
