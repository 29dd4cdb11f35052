#include <algorithm>
#include <map>

#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

/// Gives every distinct set of labels one number, so that a chain of revisions shares one set.
class label_sets {
 public:
  explicit label_sets(std::vector<std::vector<std::string>>& sets) : sets_(sets) {
    sets_.assign(1, {});
    numbers_[{}] = 0;
  }

  std::uint32_t joined(std::uint32_t a, std::uint32_t b) {
    if (a == b || b == 0) return a;
    if (a == 0) return b;
    std::vector<std::string> both;
    std::set_union(sets_[a].begin(), sets_[a].end(), sets_[b].begin(), sets_[b].end(),
                   std::back_inserter(both));
    return number(std::move(both));
  }

  std::uint32_t number(std::vector<std::string> sorted) {
    const auto [at, fresh] =
        numbers_.try_emplace(std::move(sorted), static_cast<std::uint32_t>(sets_.size()));
    if (fresh) sets_.push_back(at->first);
    return at->second;
  }

 private:
  std::vector<std::vector<std::string>>& sets_;
  std::map<std::vector<std::string>, std::uint32_t> numbers_;
};

}  // namespace

void revision_graph::spread_labels() {
  label_set_of_.assign(size(), 0);
  label_sets sets(label_sets_);
  if (by_label_.empty()) return;
  std::map<node, std::vector<std::string>> own;  // sorted, as by_label_ is
  for (const named_revision& label : by_label_) own[label.revision].push_back(label.name);
  for (const node n : order_) {
    const auto declared = own.find(n);
    std::uint32_t set = declared == own.end() ? 0 : sets.number(declared->second);
    for (const node parent : down_[n]) set = sets.joined(label_set_of_[parent], set);
    label_set_of_[n] = set;
  }
  std::vector<bool> one_line(size());
  for (auto at = order_.rbegin(); at != order_.rend(); ++at) {
    const node n = *at;
    if (children_[n].size() > 1 || down_[n].size() > 1) continue;
    one_line[n] = next_[n].empty() || one_line[next_[n][0]];
    if (one_line[n] && !next_[n].empty()) label_set_of_[n] = label_set_of_[next_[n][0]];
  }
}

std::vector<std::string> revision_graph::labels(node n) const {
  return label_sets_[label_set_of_[n]];
}

}  // namespace luamig::graph
