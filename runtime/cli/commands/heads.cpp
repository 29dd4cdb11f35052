#include "cli/commands/all.hpp"
#include "cli/context.hpp"

namespace luamig::cli {

report run_heads(context& in) {
  const graph::revision_graph& graph = in.here.graph();
  const auto nodes = in.args.has("resolve-dependencies") ? graph.real_heads() : graph.heads();
  return {revisions_report{"heads", in.here.views(nodes, wanted_detail(in.args)),
                           in.args.has("verbose"), ""},
          {}};
}

}  // namespace luamig::cli
