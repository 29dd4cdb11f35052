#pragma once

#include <string>

#include "cli/revision_list.hpp"

/// Drawings of the revision graph; parents lie below their children.
namespace luamig::cli {

/// One line a revision (`verbose`: its block), newest first, with lanes for branches and one line
/// for each fork or join. Revisions whose parent is not among the items end their lane there.
[[nodiscard]] std::string draw_lanes(const revision_list& items, bool verbose = false);
/// A Graphviz digraph; depends_on as dashed arrows.
[[nodiscard]] std::string draw_dot(const revision_list& items);
/// A Mermaid flow chart, depends_on dotted.
[[nodiscard]] std::string draw_mermaid(const revision_list& items);

}  // namespace luamig::cli
