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

std::string declared(const revision& r) { return quoted(r.id) + in_file(r.origin); }

error duplicate_label(const std::string& label, const revision& a, const revision& b) {
  return refusal("duplicate_label",
                 "branch label " + quoted(label) + " of revision " + declared(a) +
                     " is already used by revision " + declared(b),
                 "a label belongs to one revision, and is no revision's id");
}

}  // namespace

void revision_graph::index_ids() {
  for (const revision& r : revisions_) check_id(r);
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
  const revision& second = revisions_[*(twice + 1)];
  error problem = refusal(
      "duplicate_id",
      "revision " + declared(second) + " is present more than once" +
          (revisions_[*twice].origin.empty() ? "" : ", first" + in_file(revisions_[*twice].origin)),
      "give one of them another id");
  problem.revision = second.id;
  problem.file = second.origin;
  throw problem;
}

void revision_graph::index_labels() {
  for (node n = 0; n < size(); ++n) {
    check_labels(revisions_[n]);
    for (const std::string& label : revisions_[n].branch_labels) {
      if (const auto owner = find(label)) {
        throw duplicate_label(label, revisions_[n], revisions_[*owner]);
      }
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
  throw duplicate_label(twice->name, revisions_[(twice + 1)->revision],
                        revisions_[twice->revision]);
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
