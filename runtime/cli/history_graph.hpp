#pragma once

#include <string>
#include <vector>

#include "cli/report.hpp"

/// Drawings of the revision graph; parents lie below their children.
namespace luamig::cli {

/// One line a revision, newest first, with lanes for branches and one line for each fork or join.
/// Revisions whose parent is not among the items end their lane there.
[[nodiscard]] std::string draw_lanes(const std::vector<revision_view>& items);
/// A Graphviz digraph; depends_on as dashed arrows.
[[nodiscard]] std::string draw_dot(const std::vector<revision_view>& items);
/// A Mermaid flow chart, depends_on dotted.
[[nodiscard]] std::string draw_mermaid(const std::vector<revision_view>& items);

}  // namespace luamig::cli
