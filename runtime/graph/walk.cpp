#include "graph/walk.hpp"

#include "graph/reach.hpp"
#include "graph/refusal.hpp"

namespace luamig::graph {
namespace {

std::string place_name(const revision_graph& graph, std::optional<node> at) {
  return at ? in_quotes(graph.id(*at)) : "base";
}

error ambiguous_walk(const revision_graph& graph, const walk& how, std::optional<node> at,
                     std::span<const node> choices) {
  return refusal("ambiguous_walk",
                 "Ambiguous walk: " + std::string(how.offset) + " may go from " +
                     place_name(graph, at) + " to " + quoted_ids(graph, choices),
                 how.steps > 0
                     ? "name the revision, or a branch: 'label@" + std::string(how.offset) + "'"
                     : "name the revision");
}

std::vector<node> choices_above(const revision_graph& graph, std::optional<node> at,
                                const walk& how) {
  const std::vector<node> bases = at ? std::vector<node>{} : graph.bases();
  const std::span<const node> all = at ? graph.next(*at) : std::span<const node>(bases);
  return how.branch != nullptr ? within(all, *how.branch)
                               : std::vector<node>(all.begin(), all.end());
}

}  // namespace

place walk_down(const revision_graph& graph, node start, const walk& how) {
  node at = start;
  for (std::int64_t left = -how.steps; left > 0; --left) {
    const auto down = graph.down(at);
    if (down.size() > 1) throw ambiguous_walk(graph, how, at, down);
    if (down.empty()) return {std::nullopt, left > 1};
    at = down[0];
  }
  return {at, false};
}

node walk_up(const revision_graph& graph, std::optional<node> start, const walk& how) {
  std::optional<node> at = start;
  for (std::int64_t left = how.steps; left > 0; --left) {
    const std::vector<node> above = choices_above(graph, at, how);
    if (above.size() > 1) throw ambiguous_walk(graph, how, at, above);
    if (above.empty()) {
      if (how.stop_at_end && at) break;
      throw out_of_range(how.offset, "nothing follows " + place_name(graph, at));
    }
    at = above[0];
  }
  return *at;
}

place walk_from(const revision_graph& graph, std::optional<node> start, const walk& how) {
  if (how.steps > 0) return {walk_up(graph, start, how), false};
  if (!start) return {std::nullopt, how.steps < 0};
  return walk_down(graph, *start, how);
}

}  // namespace luamig::graph
