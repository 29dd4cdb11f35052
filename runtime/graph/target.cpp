#include "graph/target.hpp"

#include "graph/reach.hpp"
#include "graph/symbol.hpp"
#include "graph/walk.hpp"

namespace luamig::graph {
namespace {

constexpr std::size_t unmistakable_prefix = 4;
constexpr std::size_t shortest_prefixed = 3;  // only an id longer than this may be shortened

bool is_compound(std::string_view symbol) {
  return symbol.find_first_of("+-:@") != std::string_view::npos;
}

bool is_place(std::string_view symbol) {
  return symbol == "head" || symbol == "heads" || symbol == "base" || symbol == "current";
}

}  // namespace

std::vector<place> resolve_places(const revision_graph& graph, std::string_view text,
                                  std::span<const std::string> rows) {
  const symbol wanted = parse_symbol(text);
  std::vector<place> places;
  if (wanted.name.empty() && wanted.steps < 0) {
    std::vector<node> heads = graph.real_heads();
    if (wanted.branch && graph.size() > 0) {
      heads = within(heads, branch_of(graph, locate_branch(graph, *wanted.branch)));
    }
    const walk how{.steps = wanted.steps, .offset = wanted.offset};
    for (const node head : heads) places.push_back(walk_down(graph, head, how));
    return places;
  }
  for (const node n : resolve_plain(graph, wanted, rows)) places.push_back({n, false});
  return places;
}

std::vector<node> resolve(const revision_graph& graph, std::string_view text,
                          std::span<const std::string> rows) {
  std::vector<node> found;
  for (const place& p : resolve_places(graph, text, rows)) {
    if (p.revision) found.push_back(*p.revision);
  }
  return found;
}

bool is_range(std::string_view symbol) { return symbol.find(':') != std::string_view::npos; }

std::optional<node> short_prefix(const revision_graph& graph, std::string_view symbol) {
  if (symbol.size() >= unmistakable_prefix || symbol.empty() || is_compound(symbol) ||
      graph.find(symbol) || graph.find_label(symbol)) {
    return std::nullopt;
  }
  for (node n = 0; n < graph.size(); ++n) {
    const std::string_view id = graph.id(n);
    if (id.size() > shortest_prefixed && id.starts_with(symbol)) return resolve_one(graph, symbol);
  }
  return std::nullopt;
}

bool may_name(const revision_graph& graph, std::string_view symbol) {
  if (is_compound(symbol) || is_place(symbol) || graph.find_label(symbol)) return true;
  for (node n = 0; n < graph.size(); ++n) {
    if (std::string_view(graph.id(n)).starts_with(symbol)) return true;
  }
  return false;
}

std::optional<node> resolve_one(const revision_graph& graph, std::string_view text,
                                std::span<const std::string> rows) {
  return resolve_single(graph, parse_symbol(text), rows);
}

std::vector<node> current(const revision_graph& graph, std::span<const std::string> rows) {
  const node_set applied = graph.closure(row_nodes(graph, rows));
  std::vector<node> tips;
  for (node n = 0; n < graph.size(); ++n) {
    if (applied[n] && within(graph.next(n), applied).empty()) tips.push_back(n);
  }
  return tips;
}

}  // namespace luamig::graph
