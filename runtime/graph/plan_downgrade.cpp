#include <algorithm>

#include "graph/planning.hpp"
#include "graph/reach.hpp"
#include "graph/refusal.hpp"
#include "graph/symbol.hpp"
#include "graph/target.hpp"
#include "graph/version_rows.hpp"
#include "graph/walk.hpp"

namespace luamig::graph {
namespace {

error not_below(std::string_view written, std::string_view why) {
  return refusal(
      "not_ancestor",
      "Destination " + in_quotes(written) +
          " is not a valid downgrade target from the current revisions: " + std::string(why),
      "`luamig current` shows where the database is");
}

/// The row that "-1" counts from; with a branch, the row on it or the one that it is implied by.
node walk_start(const revision_graph& graph, const version_rows& rows, const symbol& wanted) {
  std::vector<node> starts = rows.tips();
  if (wanted.branch) {
    const node_set branch = branch_of(graph, locate_branch(graph, *wanted.branch));
    starts = within(starts, branch);
    if (starts.empty()) starts = within(current(graph, rows.rows()), branch);
  }
  if (starts.empty()) throw out_of_range(wanted.offset, "nothing is applied there");
  if (starts.size() == 1) return starts[0];
  throw refusal("ambiguous_walk",
                "Ambiguous walk: " + in_quotes(wanted.text) +
                    " may begin at any of the present revisions " + quoted_ids(graph, starts),
                "name a branch or revision: " +
                    in_quotes(graph.id(starts[0]) + "@" + std::string(wanted.offset)));
}

std::optional<node> walked(const revision_graph& graph, std::optional<node> from,
                           const symbol& wanted) {
  const place end = walk_from(graph, from, {.steps = wanted.steps, .offset = wanted.offset});
  if (end.below_base) throw out_of_range(wanted.offset, "that is below base");
  return end.revision;
}

downgrade_aim downgrade_target(const revision_graph& graph, const version_rows& rows,
                               std::string_view target) {
  const symbol wanted = parse_symbol(target);
  downgrade_aim aim;
  if (wanted.branch) aim.branch = locate_branch(graph, *wanted.branch);
  if (wanted.offset.empty()) {
    // The branch only chooses among what stands on the target, which need not lie on it itself.
    aim.target = resolve_single(graph, parse_symbol(wanted.name), rows.rows());
  } else if (!wanted.name.empty()) {
    const auto from = resolve_single(graph, without_offset(wanted), rows.rows());
    aim.target = walked(graph, from, wanted);
  } else {
    if (wanted.steps >= 0) throw out_of_range(wanted.offset, "a downgrade goes down");
    const node start = walk_start(graph, rows, wanted);
    if (!aim.branch) aim.branch = start;
    aim.target = walked(graph, start, wanted);
  }
  return aim;
}

/// What stands directly on the target, over down_revision.
std::vector<node> standing_on(const revision_graph& graph, std::optional<node> target) {
  if (!target) return graph.bases();
  const auto next = graph.next(*target);
  return {next.begin(), next.end()};
}

std::string place_name(const revision_graph& graph, std::optional<node> target) {
  return target ? graph.id(*target) : "base";
}

std::string reason(const revision_graph& graph, node n, const downgrade_aim& aim,
                   const node_set& roots, const node_set& dropped) {
  if (roots[n]) return (aim.target ? "child of " : "above ") + place_name(graph, aim.target);
  const auto gone = [&](node parent) { return dropped[parent]; };
  const auto down = graph.down(n);
  const auto parent = std::find_if(down.begin(), down.end(), gone);
  if (parent != down.end()) return "child of " + graph.id(*parent);
  const auto dependencies = graph.dependencies(n);
  const auto dependency = std::find_if(dependencies.begin(), dependencies.end(), gone);
  return dependency == dependencies.end() ? "" : "depends on " + graph.id(*dependency);
}

/// The revisions that are the first to go, and whether the branch left some of them out.
struct first_to_go {
  std::vector<node> roots;
  bool narrowed = false;
};

first_to_go choose_roots(const revision_graph& graph, const downgrade_aim& aim,
                         std::string_view written) {
  const std::vector<node> all = standing_on(graph, aim.target);
  if (!aim.branch || all.size() < 2) return {all, false};
  const node_set line = line_below(graph, std::span(&*aim.branch, 1));
  std::vector<node> roots = within(all, line);
  if (roots.empty() && !written.empty()) {
    throw not_below(written, "nothing on the line of " + in_quotes(graph.id(*aim.branch)) +
                                 " stands on " + in_quotes(place_name(graph, aim.target)));
  }
  const bool narrowed = roots.size() < all.size();
  return {std::move(roots), narrowed};
}

bool is_row(const version_rows& rows, const std::string& id) {
  return std::binary_search(rows.rows().begin(), rows.rows().end(), id);
}

}  // namespace

plan downgrade_to(const revision_graph& graph, std::span<const std::string> rows,
                  const downgrade_aim& aim, std::string_view written) {
  version_rows books(graph, rows);
  const first_to_go first = choose_roots(graph, aim, written);
  node_set dropped = descendants(graph, first.roots);
  for (node n = 0; n < graph.size(); ++n) dropped[n] = dropped[n] && books.applied(n);
  node_set roots(graph.size());
  for (const node n : first.roots) roots[n] = true;

  plan result;
  result.rows_before = books.rows();
  result.warnings = books.warnings();
  result.target = {(first.narrowed ? graph.id(*aim.branch) + "@" : "") +
                   place_name(graph, aim.target)};
  result.steps.reserve(static_cast<std::size_t>(std::count(dropped.begin(), dropped.end(), true)));
  const std::vector<node>& order = graph.topological_order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (!dropped[*at]) continue;
    result.steps.push_back(books.revert(*at, reason(graph, *at, aim, roots, dropped)));
  }
  if (result.steps.empty() && aim.target && !written.empty() &&
      !is_row(books, graph.id(*aim.target))) {
    throw not_below(written, "nothing that stands on it is applied");
  }
  result.rows_after = books.rows();
  return result;
}

plan plan_downgrade(const revision_graph& graph, std::span<const std::string> rows,
                    std::string_view target) {
  if (const auto range = split_range(target)) {
    check_range_start(graph, rows, range->from);
    return plan_downgrade(graph, rows, range->to.empty() ? "base" : range->to);
  }
  const version_rows books(graph, rows);
  return downgrade_to(graph, rows, downgrade_target(graph, books, target), target);
}

}  // namespace luamig::graph
