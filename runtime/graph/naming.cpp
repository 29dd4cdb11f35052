#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/names.hpp"
#include "graph/refusal.hpp"
#include "graph/revision_graph.hpp"

namespace luamig::graph {
namespace {

constexpr std::size_t shortest_by_prefix = 4;

std::string declared(const revision_graph& graph, node n) {
  return in_quotes(graph.id(n)) + in_file(graph.origin(n));
}

error duplicate_label(const revision_graph& graph, const std::string& label, node a, node b) {
  return refusal("duplicate_label",
                 "branch label " + in_quotes(label) + " of revision " + declared(graph, a) +
                     " is already used by revision " + declared(graph, b),
                 "a label belongs to one revision, and is no revision's id");
}

}  // namespace

void revision_graph::index_ids(std::vector<revision>& all) {
  ids_.reserve(all.size());
  for (revision& r : all) {
    check_id(r);
    ids_.push_back(std::move(r.id));
    origins_.append(r.origin);
    r.origin = {};
  }
  // Sorted as views: the comparisons stay off the revisions, which lie far apart.
  std::vector<std::pair<std::string_view, node>> names;
  names.reserve(size());
  for (node n = 0; n < size(); ++n) names.emplace_back(id(n), n);
  std::sort(names.begin(), names.end());
  by_id_.reserve(size());
  for (const auto& [name, n] : names) by_id_.push_back(n);
  const auto twice = std::adjacent_find(by_id_.begin(), by_id_.end(),
                                        [this](node a, node b) { return id(a) == id(b); });
  if (twice == by_id_.end()) return;
  const node second = *(twice + 1);
  const std::string first = in_file(origin(*twice));
  error problem = refusal("duplicate_id",
                          "revision " + declared(*this, second) + " is present more than once" +
                              (first.empty() ? "" : ", first" + first),
                          "give one of them another id");
  problem.revision = id(second);
  problem.file = origin(second);
  throw problem;
}

void revision_graph::index_labels(const std::vector<revision>& all) {
  for (node n = 0; n < size(); ++n) {
    check_labels(all[n].branch_labels, origin(n));
    for (const std::string& label : all[n].branch_labels) {
      if (const auto owner = find(label)) throw duplicate_label(*this, label, n, *owner);
      by_label_.push_back({label, n});
    }
  }
  std::stable_sort(
      by_label_.begin(), by_label_.end(),
      [](const named_revision& a, const named_revision& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(
      by_label_.begin(), by_label_.end(),
      [](const named_revision& a, const named_revision& b) { return a.name == b.name; });
  if (twice == by_label_.end()) return;
  throw duplicate_label(*this, twice->name, (twice + 1)->revision, twice->revision);
}

std::optional<node> revision_graph::find(std::string_view wanted) const {
  const auto at = std::lower_bound(
      by_id_.begin(), by_id_.end(), wanted,
      [this](node n, std::string_view word) { return std::string_view(id(n)) < word; });
  if (at == by_id_.end() || id(*at) != wanted) return std::nullopt;
  return *at;
}

std::optional<node> revision_graph::find_label(std::string_view label) const {
  const auto at = std::lower_bound(by_label_.begin(), by_label_.end(), label,
                                   [](const named_revision& a, std::string_view word) {
                                     return std::string_view(a.name) < word;
                                   });
  if (at == by_label_.end() || at->name != label) return std::nullopt;
  return at->revision;
}

std::vector<named_revision> revision_graph::beginning_with(std::string_view prefix) const {
  std::vector<named_revision> found;
  const auto take = [&](const std::string& name, node n) {
    const bool begins = std::string_view(name).substr(0, prefix.size()) == prefix;
    if (begins && name.size() >= shortest_by_prefix) found.push_back({name, n});
    return begins;
  };
  auto at = std::lower_bound(
      by_id_.begin(), by_id_.end(), prefix,
      [this](node n, std::string_view word) { return std::string_view(id(n)) < word; });
  while (at != by_id_.end() && take(id(*at), *at)) ++at;
  for (const named_revision& label : by_label_) take(label.name, label.revision);
  return found;
}

}  // namespace luamig::graph
