#include <algorithm>

#include "graph/refusal.hpp"
#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

error about(const revision& r, error problem) {
  problem.revision = r.id;
  problem.file = r.origin;
  return problem;
}

error named_twice(const revision& r, const std::string& parent) {
  return about(r, refusal("duplicate_parent",
                          "revision " + quoted(r.id) + in_file(r.origin) + " names " +
                              quoted(parent) + " twice as down_revision",
                          "name each parent once"));
}

bool contains(const std::vector<node>& list, node n) {
  return std::find(list.begin(), list.end(), n) != list.end();
}

}  // namespace

node revision_graph::parent_named(node child, std::string_view name, std::string_view field,
                                  bool label_too) const {
  const revision& r = revisions_[child];
  std::optional<node> parent = find(name);
  if (!parent && label_too) parent = find_label(name);
  if (!parent) {
    throw about(r, refusal("unknown_revision",
                           cannot_locate(*this, name) + " (" + std::string(field) + " of " +
                               quoted(r.id) + in_file(r.origin) + ")",
                           "bring back the missing file, or correct the header"));
  }
  if (*parent == child) {
    throw about(r, refusal(label_too ? "dep_self_loop" : "self_loop",
                           "revision " + quoted(r.id) + in_file(r.origin) + " names itself as " +
                               std::string(field),
                           "a revision stands on others, correct the header"));
  }
  return *parent;
}

void revision_graph::link() {
  std::vector<node> down, dependencies, both;  // of one revision
  for (node n = 0; n < size(); ++n) {
    const revision& r = revisions_[n];
    down.clear();
    dependencies.clear();
    for (const std::string& name : r.down_revision) {
      const node parent = parent_named(n, name, "down_revision", false);
      if (contains(down, parent)) throw named_twice(r, name);
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
