#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "graph/target.hpp"

namespace luamig::graph {

/// A walk over down_revision, as "+2" and "ab12-1" ask for it.
struct walk {
  std::int64_t steps = 0;                     ///< how many, up or down
  std::string_view offset;                    ///< how they were written, for messages
  const std::vector<bool>* branch = nullptr;  ///< going up: only over these nodes
  bool stop_at_end = false;                   ///< going up: too far is the last revision
};

/// Where the walk down from `start` ends. Throws "ambiguous_walk" at a merge point.
[[nodiscard]] place walk_down(const revision_graph& graph, node start, const walk& how);

/// Where the walk up from `start` (none: from base) ends. Throws "ambiguous_walk" where several
/// revisions follow, "relative_out_of_range" where none does.
[[nodiscard]] node walk_up(const revision_graph& graph, std::optional<node> start, const walk& how);

/// The walk that a symbol's offset asks for, from the revision that it names (none: base).
[[nodiscard]] place walk_from(const revision_graph& graph, std::optional<node> start,
                              const walk& how);

}  // namespace luamig::graph
