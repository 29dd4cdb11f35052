#pragma once

#include <string>

#include "cli/context.hpp"
#include "graph/target.hpp"

namespace luamig::cli {

/// What stands in the functions of a new revision: Lua statements.
struct bodies {
  std::string upgrades;
  std::string downgrades;
};

/// Writes the file of a new revision from the project's template, and names it. The file is read
/// back as any command will read it: one that could not be is never written.
[[nodiscard]] files_report write_revision(context& in, const graph::revision_request& request,
                                          const std::string& message, const bodies& of = {});

/// The parts of the request that `revision` and `merge` take from the same flags.
[[nodiscard]] graph::revision_request new_request(const context& in);

}  // namespace luamig::cli
