#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "graph/target.hpp"

namespace luamig::cli {

report run_show(context& in) {
  const std::string& symbol = in.args.words.front();
  explain_short_prefix(in, symbol);
  const std::vector<std::string> rows = in.here.rows_for(symbol);
  const std::vector<graph::node> nodes = graph::resolve(in.here.graph(), symbol, rows);
  show_report body;
  body.items = in.here.views(nodes, rows);
  if (in.args.has("source")) {
    body.source.emplace();
    for (const graph::node n : nodes) {
      *body.source += file::read(in.here.scripts().at(n).path);
    }
  }
  return {std::move(body), {}};
}

}  // namespace luamig::cli
