#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

template <typename Test>
std::vector<node> nodes_where(const revision_graph& graph, Test test) {
  std::vector<node> found;
  for (node n = 0; n < graph.size(); ++n) {
    if (test(n)) found.push_back(n);
  }
  return found;
}

}  // namespace

revision_graph::revision_graph(std::vector<revision> revisions) {
  index_ids(revisions);
  index_labels(revisions);
  link(revisions);
  revisions = {};
  sort();
  spread_labels();
}

std::vector<revision> revision_graph::revisions() const {
  std::vector<revision> result(size());
  for (node n = 0; n < size(); ++n) {
    result[n].id = ids_[n];
    for (const node parent : down_[n]) result[n].down_revision.push_back(ids_[parent]);
    for (const node parent : dependencies_[n]) result[n].depends_on.push_back(ids_[parent]);
    result[n].origin = origins_[n];
  }
  for (const named_revision& label : by_label_) {
    result[label.revision].branch_labels.push_back(label.name);
  }
  return result;
}

std::vector<node> revision_graph::heads() const {
  return nodes_where(*this, [this](node n) { return is_head(n); });
}

std::vector<node> revision_graph::real_heads() const {
  return nodes_where(*this, [this](node n) { return is_real_head(n); });
}

std::vector<node> revision_graph::bases() const {
  return nodes_where(*this, [this](node n) { return down_[n].empty(); });
}

std::vector<node> revision_graph::branch_points() const {
  return nodes_where(*this, [this](node n) { return next_[n].size() > 1; });
}

std::vector<bool> revision_graph::closure(std::span<const node> start) const {
  std::vector<bool> seen(size());
  std::vector<node> todo(start.begin(), start.end());
  while (!todo.empty()) {
    const node n = todo.back();
    todo.pop_back();
    if (seen[n]) continue;
    seen[n] = true;
    todo.insert(todo.end(), parents_[n].begin(), parents_[n].end());
  }
  return seen;
}

std::vector<node> revision_graph::maximal(const std::vector<bool>& set) const {
  // below[n]: n lies below a member. The order makes one pass from the top enough.
  std::vector<bool> below(size());
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    if (!set[*at] && !below[*at]) continue;
    for (const node parent : parents_[*at]) below[parent] = true;
  }
  return nodes_where(*this, [&](node n) { return set[n] && !below[n]; });
}

}  // namespace luamig::graph
