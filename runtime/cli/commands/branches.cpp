#include "cli/commands/all.hpp"
#include "cli/context.hpp"

namespace luamig::cli {

report run_branches(context& in) {
  branches_report body;
  body.verbose = in.args.has("verbose");
  const detail of = wanted_detail(in.args);
  for (const graph::node point : in.here.graph().branch_points()) {
    body.items.push_back({in.here.view(point, of), in.here.views(in.here.graph().next(point), of)});
  }
  return {std::move(body), {}};
}

}  // namespace luamig::cli
