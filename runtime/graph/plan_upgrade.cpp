#include <algorithm>

#include "graph/planning.hpp"
#include "graph/reach.hpp"
#include "graph/refusal.hpp"
#include "graph/symbol.hpp"
#include "graph/version_rows.hpp"
#include "graph/walk.hpp"

namespace luamig::graph {
namespace {

std::optional<node> first_in(std::span<const node> nodes, const node_set& set) {
  const auto at = std::find_if(nodes.begin(), nodes.end(), [&](node n) { return set[n]; });
  return at == nodes.end() ? std::nullopt : std::optional(*at);
}

/// Why n is in the plan: a target, or what stands on it is in the plan.
std::string reason(const revision_graph& graph, node n, const node_set& planned,
                   const node_set& targets) {
  if (targets[n]) return "target";
  if (const auto child = first_in(graph.next(n), planned)) return "parent of " + graph.id(*child);
  const auto dependent = first_in(graph.children(n), planned);
  return dependent ? graph.id(*dependent) + " depends on it" : "";
}

/// The applied revisions of a branch that no other applied one of it stands on directly.
std::vector<node> applied_tips(const revision_graph& graph, const node_set& applied,
                               const node_set& branch) {
  std::vector<node> tips;
  const auto counts = [&](node n) { return applied[n] && branch[n]; };
  for (node n = 0; n < graph.size(); ++n) {
    const auto above = graph.children(n);
    if (counts(n) && std::none_of(above.begin(), above.end(), counts)) tips.push_back(n);
  }
  return tips;
}

/// Where "+1" or "label@+1" begins: at the row, or on the branch where it has got to.
std::vector<node> walk_starts(const revision_graph& graph, const version_rows& rows,
                              const std::optional<node_set>& branch) {
  if (!branch) return rows.tips();
  const std::vector<node> on_branch = within(rows.tips(), *branch);
  return on_branch.empty() ? applied_tips(graph, rows.applied(), *branch) : on_branch;
}

node counted_from_rows(const revision_graph& graph, const version_rows& rows,
                       const symbol& wanted) {
  if (wanted.steps <= 0) throw out_of_range(wanted.offset, "an upgrade goes up");
  std::optional<node_set> branch;
  if (wanted.branch) branch = branch_of(graph, locate_branch(graph, *wanted.branch));
  const std::vector<node> starts = walk_starts(graph, rows, branch);
  if (starts.size() > 1) {
    throw refusal("ambiguous_upgrade",
                  "Ambiguous upgrade: " + in_quotes(wanted.text) +
                      " may begin at any of the present revisions " + quoted_ids(graph, starts),
                  "name a branch: 'label@" + std::string(wanted.offset) + "'");
  }
  const walk how{
      .steps = wanted.steps, .offset = wanted.offset, .branch = branch ? &*branch : nullptr};
  return walk_up(graph, starts.empty() ? std::nullopt : std::optional(starts[0]), how);
}

std::vector<node> upgrade_targets(const revision_graph& graph, const version_rows& rows,
                                  std::string_view target) {
  const symbol wanted = parse_symbol(target);
  if (wanted.offset.empty()) return resolve_plain(graph, wanted, rows.rows());
  if (wanted.name.empty()) return {counted_from_rows(graph, rows, wanted)};
  const auto from = resolve_single(graph, without_offset(wanted), rows.rows());
  std::optional<node_set> branch;
  if (wanted.branch) branch = branch_of(graph, locate_branch(graph, *wanted.branch));
  const place end = walk_from(
      graph, from,
      {.steps = wanted.steps, .offset = wanted.offset, .branch = branch ? &*branch : nullptr});
  if (end.below_base) throw out_of_range(wanted.offset, "that is below base");
  return end.revision ? std::vector{*end.revision} : std::vector<node>{};
}

}  // namespace

plan upgrade_to(const revision_graph& graph, std::span<const std::string> rows,
                const std::vector<node>& targets) {
  version_rows books(graph, rows);
  plan result;
  result.rows_before = books.rows();
  result.warnings = books.warnings();
  result.target = targets.empty() ? std::vector<std::string>{"base"} : ids(graph, targets);
  node_set planned = graph.closure(targets);
  for (node n = 0; n < graph.size(); ++n) planned[n] = planned[n] && !books.applied(n);
  node_set wanted(graph.size());
  for (const node n : targets) wanted[n] = true;
  result.steps.reserve(static_cast<std::size_t>(std::count(planned.begin(), planned.end(), true)));
  for (const node n : graph.topological_order()) {
    if (planned[n]) result.steps.push_back(books.apply(n, reason(graph, n, planned, wanted)));
  }
  result.rows_after = books.rows();
  return result;
}

plan plan_upgrade(const revision_graph& graph, std::span<const std::string> rows,
                  std::string_view target) {
  if (const auto range = split_range(target)) {
    check_range_start(graph, rows, range->from);
    return plan_upgrade(graph, rows, range->to.empty() ? "heads" : range->to);
  }
  const version_rows books(graph, rows);
  return upgrade_to(graph, rows, upgrade_targets(graph, books, target));
}

}  // namespace luamig::graph
