#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/drift.hpp"
#include "cli/commands/schemas.hpp"
#include "cli/context.hpp"

namespace luamig::cli {
namespace {

report check_heads(context& in) {
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

}  // namespace

/// Whether `revision --autogenerate` would write anything; or what a flag asks instead.
report run_check(context& in) {
  const bool drift = in.args.has("drift");
  if (drift && in.args.has("single-head")) {
    throw error{errc::usage, "--drift and --single-head exclude each other"};
  }
  if (in.args.has("single-head")) return check_heads(in);
  if (drift) return check_drift(in);
  require_up_to_date(in);
  engine::schema_desk desk = make_desk(in);
  read_database(in, desk, "database");
  build_models(in, desk, "models");
  return difference_of(desk.ask("compare", {"database", "models"}, in.here.reader()),
                       "the database is what the models say",
                       "luamig revision --autogenerate writes them");
}

}  // namespace luamig::cli
