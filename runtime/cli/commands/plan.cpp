#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "engine/migrator.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

/// The rows that `--from` means: symbols, separated by commas or repeated.
std::vector<std::string> given_rows(context& in) {
  std::vector<std::string> rows;
  for (const std::string& list : in.args.values("from")) {
    for (const std::string& symbol : text::split(list, ',')) {
      for (const graph::node n : graph::resolve(in.here.graph(), text::trim(symbol))) {
        rows.push_back(in.here.graph().id(n));
      }
    }
  }
  return rows;
}

graph::plan make_plan(context& in) {
  const std::string way = in.args.words.front();
  if (way != "upgrade" && way != "downgrade") {
    throw error{errc::usage, "plan wants upgrade or downgrade, not '" + way + "'",
                "luamig plan upgrade heads"};
  }
  const std::vector<std::string> rows = in.args.has("from") ? given_rows(in) : in.here.rows();
  return way == "upgrade" ? graph::plan_upgrade(in.here.graph(), rows, in.args.word(1, "heads"))
                          : graph::plan_downgrade(in.here.graph(), rows, in.args.word(1, "-1"));
}

/// A way back that the run would refuse is no plan.
void require_reversible(const script::script_directory& scripts, const graph::plan& plan) {
  for (const graph::step& step : plan.steps) {
    if (step.way == graph::direction::downgrade) {
      engine::require_runnable(scripts.of(step.revision), step.way, "nothing was run");
    }
  }
}

}  // namespace

report run_plan(context& in) {
  plan_report body{make_plan(in), {}};
  const script::script_directory& scripts = in.here.scripts();
  require_reversible(scripts, body.plan);
  body.messages.reserve(body.plan.steps.size());
  for (const graph::step& step : body.plan.steps) {
    body.messages.push_back(scripts.message(scripts.node_of(step.revision)));
  }
  std::vector<std::string> warnings = body.plan.warnings;
  return {std::move(body), std::move(warnings)};
}

}  // namespace luamig::cli
