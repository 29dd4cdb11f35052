#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"

namespace luamig::cli {

report run_check(context& in) {
  if (!in.args.has("single-head")) {
    throw error{errc::usage, "check needs --single-head", "luamig check --single-head"};
  }
  const graph::revision_graph& graph = in.here.graph();
  std::vector<std::string> heads;
  for (const graph::node n : graph.heads()) {
    heads.push_back(graph.id(n));
  }
  if (heads.size() > 1) {
    throw error{errc::difference, "Multiple head revisions are present: " + text::join(heads, ", "),
                "luamig merge heads"};
  }
  return {done_report{"check", heads.empty() ? "no revision yet" : "one head: " + heads[0]}, {}};
}

}  // namespace luamig::cli
