#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

history_format format_of(const std::string& name) {
  constexpr std::array known{
      std::pair{"text", history_format::text}, std::pair{"json", history_format::json},
      std::pair{"dot", history_format::dot}, std::pair{"mermaid", history_format::mermaid}};
  for (const auto& [spelling, format] : known) {
    if (name == spelling) {
      return format;
    }
  }
  throw error{errc::usage, "unknown format '" + name + "'", "text, json, dot or mermaid"};
}

/// What a database holds, as far as its rows are known here.
struct marks {
  std::vector<graph::node> rows;
  std::vector<bool> applied;

  marks(const graph::revision_graph& graph, const std::vector<std::string>& all) {
    for (const std::string& row : all) {
      if (const auto node = graph.find(row)) {
        rows.push_back(*node);
      }
    }
    applied = graph.closure(rows);
  }
  void put(graph::node n, revision_view& item) const {
    item.current = std::find(rows.begin(), rows.end(), n) != rows.end();
    item.state = applied[n] ? "applied" : "pending";
  }
};

revision_list listed(context& in, std::vector<graph::node> nodes, std::optional<marks> marked) {
  const std::size_t size = nodes.size();
  return {size, [&here = in.here, of = wanted_detail(in.args), nodes = std::move(nodes),
                 marked = std::move(marked)](std::size_t i) {
            revision_view item = here.view(nodes[i], of);
            if (marked) marked->put(nodes[i], item);
            return item;
          }};
}

/// The rows, where the command speaks of them: -i and ranges with "current" need a database; -v
/// uses a file that is there, and does without a server.
std::optional<std::vector<std::string>> rows_of(context& in, const std::string& range) {
  const bool needed = in.args.has("indicate-current") || range.find("current") != std::string::npos;
  const bool welcome = in.args.has("verbose") && in.here.has_url();
  if (!needed && !welcome) {
    return std::nullopt;
  }
  try {
    return in.here.rows();
  } catch (const error& problem) {
    if (needed || problem.code != errc::connection) {
      throw;
    }
    return std::nullopt;
  }
}

}  // namespace

report run_history(context& in) {
  const std::optional<std::string> range = in.args.value("rev-range");
  const auto rows = rows_of(in, range.value_or(""));
  history_report body;
  body.format = in.args.has("json") ? history_format::json
                                    : format_of(in.args.value("format").value_or("text"));
  body.verbose = in.args.has("verbose");
  body.graph = in.args.has("graph");
  const std::vector<std::string> none;
  std::optional<marks> marked;
  if (rows) {
    marked.emplace(in.here.graph(), *rows);
  }
  body.items =
      listed(in, graph::history(in.here.graph(), range, rows ? *rows : none), std::move(marked));
  return {std::move(body), {}};
}

}  // namespace luamig::cli
