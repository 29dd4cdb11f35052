#include "graph/version_rows.hpp"

#include <algorithm>
#include <iterator>

#include "graph/refusal.hpp"
#include "graph/symbol.hpp"

namespace luamig::graph {
namespace {

void insert_sorted(std::vector<std::string>& list, const std::string& id) {
  list.insert(std::lower_bound(list.begin(), list.end(), id), id);
}

void erase_sorted(std::vector<std::string>& list, const std::string& id) {
  const auto at = std::lower_bound(list.begin(), list.end(), id);
  if (at != list.end() && *at == id) list.erase(at);
}

/// A plain compare-and-swap of one row is enough: x became its only child y.
bool is_swap(const revision_graph& graph, node n, const step& s) {
  const auto down = graph.down(n);
  return s.way == direction::upgrade && down.size() == 1 && graph.dependencies(n).empty() &&
         s.edit.remove.size() == 1 && s.edit.remove[0] == graph.id(down[0]) &&
         s.edit.add.size() == 1 && s.edit.add[0] == graph.id(n);
}

}  // namespace

std::vector<std::string> sorted(std::span<const std::string> rows) {
  std::vector<std::string> result(rows.begin(), rows.end());
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> edited(std::vector<std::string> rows, const version_edit& edit) {
  for (const std::string& gone : edit.remove) std::erase(rows, gone);
  rows.insert(rows.end(), edit.add.begin(), edit.add.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

version_edit difference(const std::vector<std::string>& before,
                        const std::vector<std::string>& after) {
  version_edit edit;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(edit.remove));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(edit.add));
  return edit;
}

version_rows::version_rows(const revision_graph& graph, std::span<const std::string> rows)
    : graph_(graph),
      applied_(graph.closure(row_nodes(graph, rows))),
      tips_(graph.maximal(applied_)),
      applied_children_(graph.size()),
      minimal_(sorted(ids(graph, tips_))),
      rows_(sorted(rows)) {
  for (node n = 0; n < graph.size(); ++n) {
    if (!applied_[n]) continue;
    for (const node parent : graph.parents(n)) ++applied_children_[parent];
  }
}

std::vector<std::string> version_rows::warnings() const {
  std::vector<std::string> result;
  for (const std::string& row : difference(rows_, minimal_).remove) {
    result.push_back("the version table holds " + in_quotes(row) +
                     ", which another of its rows implies; the next step removes it");
  }
  return result;
}

step version_rows::changed(node n, direction way, std::string why) {
  step result;
  result.revision = graph_.id(n);
  result.way = way;
  result.edit = difference(rows_, minimal_);
  rows_ = minimal_;
  result.swap = is_swap(graph_, n, result);
  result.why = std::move(why);
  return result;
}

step version_rows::apply(node n, std::string why) {
  applied_[n] = true;
  for (const node parent : graph_.parents(n)) {
    if (applied_children_[parent]++ == 0) erase_sorted(minimal_, graph_.id(parent));
  }
  insert_sorted(minimal_, graph_.id(n));
  return changed(n, direction::upgrade, std::move(why));
}

step version_rows::revert(node n, std::string why) {
  applied_[n] = false;
  for (const node parent : graph_.parents(n)) {
    if (--applied_children_[parent] == 0) insert_sorted(minimal_, graph_.id(parent));
  }
  erase_sorted(minimal_, graph_.id(n));
  return changed(n, direction::downgrade, std::move(why));
}

}  // namespace luamig::graph
