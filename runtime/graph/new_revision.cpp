#include <algorithm>

#include "graph/refusal.hpp"
#include "graph/target.hpp"

namespace luamig::graph {
namespace {

std::vector<node> requested_heads(const revision_graph& graph, const revision_request& request) {
  std::vector<std::string> symbols = request.head;
  if (symbols.empty()) symbols.push_back(request.merge ? "heads" : "head");
  std::vector<node> heads;
  for (const std::string& symbol : symbols) {
    const std::vector<node> found = resolve(graph, symbol);
    heads.insert(heads.end(), found.begin(), found.end());
  }
  return heads;
}

void check_heads(const revision_graph& graph, const std::vector<node>& heads, bool splice) {
  for (auto at = heads.begin(); at != heads.end(); ++at) {
    if (std::find(heads.begin(), at, *at) == at) continue;
    throw refusal("duplicate_heads",
                  "Duplicate head revisions specified: " + in_quotes(graph.id(*at)),
                  "name each parent once");
  }
  if (splice) return;
  for (const node n : heads) {
    if (graph.is_head(n)) continue;
    throw refusal("not_head",
                  "Revision " + in_quotes(graph.id(n)) +
                      " is not a head revision: " + quoted_ids(graph, graph.next(n)) + " follows",
                  "--splice makes a new branch from it");
  }
}

/// A branch label stays as it was given, so that the file says what its author meant.
std::string dependency(const revision_graph& graph, const std::string& symbol) {
  if (graph.find_label(symbol)) return symbol;
  const auto found = resolve_one(graph, symbol);
  if (!found) throw unknown_revision(graph, symbol);
  return graph.id(*found);
}

}  // namespace

revision new_revision(const revision_graph& graph, const revision_request& request) {
  const std::vector<node> heads = requested_heads(graph, request);
  check_heads(graph, heads, request.splice);
  revision result;
  result.id = request.id;
  result.down_revision = ids(graph, heads);
  for (const std::string& symbol : request.depends_on) {
    result.depends_on.push_back(dependency(graph, symbol));
  }
  result.branch_labels = request.branch_labels;
  std::vector<revision> all = graph.revisions();
  all.push_back(result);
  (void)revision_graph(std::move(all));
  return result;
}

}  // namespace luamig::graph
