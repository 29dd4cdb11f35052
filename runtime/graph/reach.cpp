#include "graph/reach.hpp"

namespace luamig::graph {
namespace {

template <typename Edges>
node_set reached(const revision_graph& graph, std::span<const node> start, Edges edges) {
  node_set seen(graph.size());
  std::vector<node> todo(start.begin(), start.end());
  while (!todo.empty()) {
    const node n = todo.back();
    todo.pop_back();
    if (seen[n]) continue;
    seen[n] = true;
    const std::span<const node> more = edges(n);
    todo.insert(todo.end(), more.begin(), more.end());
  }
  return seen;
}

node_set joined(node_set a, const node_set& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = a[i] || b[i];
  return a;
}

}  // namespace

node_set descendants(const revision_graph& graph, std::span<const node> start) {
  return reached(graph, start, [&](node n) { return graph.children(n); });
}

node_set line_above(const revision_graph& graph, std::span<const node> start) {
  return reached(graph, start, [&](node n) { return graph.next(n); });
}

node_set line_below(const revision_graph& graph, std::span<const node> start) {
  return reached(graph, start, [&](node n) { return graph.down(n); });
}

node_set branch_of(const revision_graph& graph, node member) {
  const std::span<const node> start(&member, 1);
  return joined(line_above(graph, start), line_below(graph, start));
}

node_set relatives(const revision_graph& graph, std::span<const node> members) {
  return joined(descendants(graph, members), graph.closure(members));
}

std::vector<node> within(std::span<const node> nodes, const node_set& set) {
  std::vector<node> found;
  for (const node n : nodes) {
    if (set[n]) found.push_back(n);
  }
  return found;
}

}  // namespace luamig::graph
