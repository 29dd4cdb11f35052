#include <algorithm>
#include <functional>
#include <queue>

#include "graph/refusal.hpp"
#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

/// One cycle among the nodes that wait for each other, every node followed by its child.
std::vector<node> find_cycle(const revision_graph& graph, const std::vector<std::uint32_t>& waits) {
  const auto stuck = [&](node n) { return waits[n] > 0; };
  node n = 0;
  while (!stuck(n)) ++n;
  std::vector<node> path;
  std::vector<bool> seen(graph.size());
  // Every stuck node has a stuck parent, so this walk must come back to where it has been.
  while (!seen[n]) {
    seen[n] = true;
    path.push_back(n);
    const auto parents = graph.parents(n);
    n = *std::find_if(parents.begin(), parents.end(), stuck);
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), n));
  std::reverse(path.begin(), path.end());
  return path;
}

bool over_down_revision(const revision_graph& graph, const std::vector<node>& cycle) {
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const auto down = graph.down(cycle[(i + 1) % cycle.size()]);
    if (std::find(down.begin(), down.end(), cycle[i]) == down.end()) return false;
  }
  return true;
}

error cycle_error(const revision_graph& graph, const std::vector<node>& cycle) {
  const bool plain = over_down_revision(graph, cycle);
  std::string members;
  for (const node n : cycle) {
    members += in_quotes(graph.id(n)) + in_file(graph.origin(n)) + " -> ";
  }
  error problem =
      refusal(plain ? "cycle" : "dep_cycle",
              std::string(plain ? "Cycle" : "Dependency cycle") + " is detected in revisions " +
                  members + in_quotes(graph.id(cycle[0])),
              plain ? "correct down_revision in one of them"
                    : "correct depends_on or down_revision in one of them");
  problem.revision = graph.id(cycle[0]);
  problem.file = graph.origin(cycle[0]);
  return problem;
}

}  // namespace

void revision_graph::sort() {
  std::vector<std::uint32_t> waits(size());
  std::priority_queue<node, std::vector<node>, std::greater<>> ready;
  for (node n = 0; n < size(); ++n) {
    waits[n] = static_cast<std::uint32_t>(parents_[n].size());
    if (waits[n] == 0) ready.push(n);
  }
  order_.reserve(size());
  while (!ready.empty()) {
    const node n = ready.top();
    ready.pop();
    order_.push_back(n);
    for (const node child : children_[n]) {
      if (--waits[child] == 0) ready.push(child);
    }
  }
  if (order_.size() < size()) throw cycle_error(*this, find_cycle(*this, waits));
}

}  // namespace luamig::graph
