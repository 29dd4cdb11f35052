#pragma once

#include <span>
#include <vector>

#include "graph/revision_graph.hpp"

namespace luamig::graph {

/// Flags by node.
using node_set = std::vector<bool>;

/// All of `start` and everything above it: over D, and over down_revision only.
[[nodiscard]] node_set descendants(const revision_graph& graph, std::span<const node> start);
[[nodiscard]] node_set line_above(const revision_graph& graph, std::span<const node> start);
/// All of `start` and everything below it over down_revision only (over D: closure).
[[nodiscard]] node_set line_below(const revision_graph& graph, std::span<const node> start);
/// The branch that a revision stands for: itself, all below and all above it over down_revision.
[[nodiscard]] node_set branch_of(const revision_graph& graph, node member);
/// The same over D.
[[nodiscard]] node_set relatives(const revision_graph& graph, std::span<const node> members);

/// The members of `nodes` that are in the set, in their order.
[[nodiscard]] std::vector<node> within(std::span<const node> nodes, const node_set& set);

}  // namespace luamig::graph
