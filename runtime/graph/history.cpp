#include "graph/reach.hpp"
#include "graph/refusal.hpp"
#include "graph/symbol.hpp"
#include "graph/target.hpp"
#include "graph/walk.hpp"

namespace luamig::graph {
namespace {

/// Both ends of a range; an empty start is base.
struct ends {
  std::vector<node> start;
  std::vector<node> end;
};

bool counted_from_other_end(const symbol& s) { return s.name.empty() && !s.offset.empty(); }

std::vector<node> only_revision(const place& p) {
  return p.revision ? std::vector{*p.revision} : std::vector<node>{};
}

/// "+2" or "label@+2" as the end of a range: counted from its start.
std::vector<node> end_after(const revision_graph& graph, const std::vector<node>& start,
                            const symbol& wanted) {
  if (start.size() > 1) throw multiple_heads(graph, wanted.text, start);
  std::optional<node_set> branch;
  if (wanted.branch) branch = branch_of(graph, locate_branch(graph, *wanted.branch));
  const walk how{.steps = wanted.steps,
                 .offset = wanted.offset,
                 .branch = branch ? &*branch : nullptr,
                 .stop_at_end = true};
  const auto from = start.empty() ? std::nullopt : std::optional(start[0]);
  return only_revision(walk_from(graph, from, how));
}

/// "-2" or "label@-2" as the start of a range: counted from its end.
std::vector<node> start_before(const revision_graph& graph, std::vector<node> end,
                               const symbol& wanted) {
  if (wanted.steps > 0) throw out_of_range(wanted.offset, "a range begins at or below its end");
  if (wanted.branch) end = within(end, branch_of(graph, locate_branch(graph, *wanted.branch)));
  std::vector<node> start;
  for (const node n : end) {
    const place p = walk_down(graph, n, {.steps = wanted.steps, .offset = wanted.offset});
    if (!p.revision && end.size() == 1) throw out_of_range(wanted.offset, "that is below base");
    if (!p.revision) {
      throw refusal("ambiguous_walk",
                    "Ambiguous walk: " + std::string(wanted.offset) + " from " +
                        quoted_ids(graph, end) + " ends at base for " + in_quotes(graph.id(n)),
                    "name the revision where the range begins");
    }
    start.push_back(*p.revision);
  }
  return start;
}

std::vector<node> end_revisions(const revision_graph& graph, const symbol& wanted,
                                std::span<const std::string> rows) {
  if (wanted.offset.empty()) return resolve_plain(graph, wanted, rows);
  const auto from = resolve_single(graph, without_offset(wanted), rows);
  const walk how{.steps = wanted.steps, .offset = wanted.offset, .stop_at_end = true};
  return only_revision(walk_from(graph, from, how));
}

ends resolve_ends(const revision_graph& graph, const symbol& first, const symbol& last,
                  std::span<const std::string> rows) {
  ends result;
  if (counted_from_other_end(last)) {
    result.start = resolve_plain(graph, first, rows);
    result.end = end_after(graph, result.start, last);
    return result;
  }
  result.end = end_revisions(graph, last, rows);
  result.start = counted_from_other_end(first) ? start_before(graph, result.end, first)
                                               : resolve_plain(graph, first, rows);
  // "label@base:" begins at that branch's base: ends on other branches are not meant.
  if (first.branch && graph.size() > 0) {
    const node member = locate_branch(graph, *first.branch);
    result.end = within(result.end, branch_of(graph, member));
  }
  return result;
}

node_set members(const revision_graph& graph, const ends& range, std::string_view text) {
  node_set shown = graph.closure(range.end);
  if (range.start.empty()) return shown;
  for (const node n : range.start) {
    if (shown[n]) continue;
    throw refusal("not_ancestor",
                  "Requested range " + in_quotes(text) + " does not lie on one branch: " +
                      in_quotes(graph.id(n)) + " is not below its end",
                  "write the older revision first: 'old:new'");
  }
  const node_set below = graph.closure(range.start);
  const node_set above = line_above(graph, range.start);
  for (node n = 0; n < graph.size(); ++n) shown[n] = shown[n] && !below[n] && above[n];
  for (const node n : range.start) shown[n] = true;
  return shown;
}

}  // namespace

std::vector<node> history(const revision_graph& graph, std::optional<std::string_view> range,
                          std::span<const std::string> rows) {
  const std::vector<node>& order = graph.topological_order();
  if (!range) return {order.rbegin(), order.rend()};
  const auto halves = parse_range(*range);
  if (!halves) {
    throw refusal("bad_range", "history range " + in_quotes(*range) + " has no start and end",
                  "write 'start:end', 'start:' or ':end'");
  }
  const symbol first = parse_symbol(halves->first.empty() ? "base" : halves->first);
  const symbol last = parse_symbol(halves->second.empty() ? "heads" : halves->second);
  const node_set shown = members(graph, resolve_ends(graph, first, last, rows), *range);
  std::vector<node> result;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (shown[*at]) result.push_back(*at);
  }
  return result;
}

}  // namespace luamig::graph
