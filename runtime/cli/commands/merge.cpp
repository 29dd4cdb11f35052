#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/new_file.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

/// "merge ab12 and cd34", for a merge that was given no message.
std::string default_message(const std::vector<std::string>& symbols) {
  return "merge " + text::join(symbols, " and ");
}

/// Here and not by new_revision alone: its cure, --splice, is none of merge's.
void require_heads(const graph::revision_graph& graph, const std::vector<std::string>& symbols) {
  std::set<graph::node> heads;
  for (const std::string& symbol : symbols) {
    for (const graph::node n : graph::resolve(graph, symbol)) {
      if (!graph.is_head(n)) {
        throw error{errc::graph,
                    "Revision '" + graph.id(n) + "' is not a head revision, and merge joins heads",
                    "`luamig heads` lists them"};
      }
      heads.insert(n);
    }
  }
  if (heads.size() < 2) {
    const std::string one =
        heads.empty() ? "there is none" : "'" + graph.id(*heads.begin()) + "' is the only one";
    throw error{errc::graph, "merge needs two heads or more; " + one, "`luamig heads` lists them"};
  }
}

}  // namespace

report run_merge(context& in) {
  require_heads(in.here.graph(), in.args.words);
  graph::revision_request request = new_request(in);
  request.head = in.args.words;
  request.merge = true;
  files_report made = write_revision(
      in, request, in.args.value("message").value_or(default_message(in.args.words)));
  made.event = "merge";
  return {std::move(made), {}};
}

}  // namespace luamig::cli
