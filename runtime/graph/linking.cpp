#include <algorithm>

#include "graph/refusal.hpp"
#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

error about(const revision_graph& graph, node n, error problem) {
  problem.revision = graph.id(n);
  problem.file = graph.origin(n);
  return problem;
}

std::string declared(const revision_graph& graph, node n) {
  return in_quotes(graph.id(n)) + in_file(graph.origin(n));
}

error named_twice(const revision_graph& graph, node n, const std::string& parent) {
  return about(graph, n,
               refusal("duplicate_parent",
                       "revision " + declared(graph, n) + " names " + in_quotes(parent) +
                           " twice as down_revision",
                       "name each parent once"));
}

bool contains(const std::vector<node>& list, node n) {
  return std::find(list.begin(), list.end(), n) != list.end();
}

}  // namespace

node revision_graph::parent_named(node child, std::string_view name, std::string_view field,
                                  bool label_too) const {
  std::optional<node> parent = find(name);
  if (!parent && label_too) parent = find_label(name);
  if (!parent) {
    throw about(*this, child,
                refusal("unknown_revision",
                        cannot_locate(*this, name) + " (" + std::string(field) + " of " +
                            declared(*this, child) + ")",
                        "bring back the missing file, or correct the header"));
  }
  if (*parent == child) {
    throw about(
        *this, child,
        refusal(label_too ? "dep_self_loop" : "self_loop",
                "revision " + declared(*this, child) + " names itself as " + std::string(field),
                "a revision stands on others, correct the header"));
  }
  return *parent;
}

void revision_graph::link(const std::vector<revision>& all) {
  std::vector<node> down, dependencies, both;  // of one revision
  for (node n = 0; n < size(); ++n) {
    const revision& r = all[n];
    down.clear();
    dependencies.clear();
    for (const std::string& name : r.down_revision) {
      const node parent = parent_named(n, name, "down_revision", false);
      if (contains(down, parent)) throw named_twice(*this, n, name);
      down.push_back(parent);
    }
    both = down;
    for (const std::string& name : r.depends_on) {
      const node parent = parent_named(n, name, "depends_on", true);
      if (!contains(dependencies, parent)) dependencies.push_back(parent);
      if (!contains(both, parent)) both.push_back(parent);
    }
    down_.append(down);
    dependencies_.append(dependencies);
    parents_.append(both);
  }
  next_ = down_.reversed();
  children_ = parents_.reversed();
}

}  // namespace luamig::graph
