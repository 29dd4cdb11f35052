#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "cli/output_path.hpp"
#include "cli/plan_file.hpp"
#include "engine/migrator.hpp"
#include "engine/repeatables.hpp"
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

std::string way_of(const context& in) { return in.args.word(0, "upgrade"); }

graph::plan make_plan(context& in) {
  const std::string way = way_of(in);
  if (way != "upgrade" && way != "downgrade") {
    throw error{errc::usage, "plan wants upgrade or downgrade, not '" + way + "'",
                "luamig plan upgrade heads"};
  }
  const std::vector<std::string> rows = in.args.has("from") ? given_rows(in) : in.here.rows();
  return way == "upgrade" ? graph::plan_upgrade(in.here.graph(), rows, in.args.word(1, "heads"))
                          : graph::plan_downgrade(in.here.graph(), rows, in.args.word(1, "-1"));
}

/// Whether the step's header has to be read: a plan of 10,000 steps reads few.
bool is_conditional(const script::script_directory& scripts, const graph::step& step) {
  return step.way != graph::direction::repeat &&
         scripts.is_conditional(scripts.node_of(step.revision));
}

std::string_view message_of(const script::script_directory& scripts, const graph::step& step) {
  if (step.way == graph::direction::repeat) {
    return scripts.repeatable_of(step.revision).file.head.message;
  }
  return scripts.message(scripts.node_of(step.revision));
}

/// A way back that the run would refuse is no plan.
void require_reversible(const script::script_directory& scripts, const graph::plan& plan) {
  for (const graph::step& step : plan.steps) {
    if (step.way == graph::direction::downgrade && is_conditional(scripts, step)) {
      engine::require_runnable(scripts.of(step.revision), step.way, "nothing was run");
    }
  }
}

/// What of an upgrade would be recorded only.
void say_what_is_skipped(context& in, graph::step& step) {
  if (step.way != graph::direction::upgrade || !is_conditional(in.here.scripts(), step)) return;
  const script::script& script = in.here.scripts().of(step.revision);
  engine::require_known(script, in.here.here());
  const std::string why = engine::why_elsewhere(script.head, in.here.here());
  if (!why.empty()) step.why += ", not run: " + why;
}

/// With --from nobody knows what was run: all of them.
void add_repeatables(context& in, graph::plan& plan) {
  db::connection* database = in.args.has("from") ? nullptr : in.here.reader();
  std::optional<engine::version_store> store;
  if (database != nullptr) store.emplace(*database, in.here.books());
  engine::add_repeatables(plan, in.here.scripts(), store ? &*store : nullptr);
}

/// With -o. What could not be written down is warned of.
void write_plan(context& in, plan_report& report, std::vector<std::string>& warnings) {
  const graph::plan& plan = report.plan;
  const auto path = in.args.value("output");
  if (!path) {
    if (!in.args.has("measure")) return;
    throw error{errc::usage, "--measure wants a file for what it measures",
                "luamig plan upgrade --measure -o FILE"};
  }
  if (in.args.has("from")) {
    throw error{errc::usage,
                "-o and --from exclude each other: a plan that can be run begins where "
                "the database is"};
  }
  const std::filesystem::path file = output_path(in, "-o", *path);
  const bool up = way_of(in) == "upgrade";
  const saved_plan saved =
      make_saved_plan(in, up ? graph::direction::upgrade : graph::direction::downgrade,
                      in.args.word(1, up ? "heads" : "-1"), plan, in.args.has("measure"));
  file::replace(file, to_json(saved).dump(2) + "\n");
  for (const saved_plan::step& step : saved.steps) {
    report.operations.push_back(step.measured ? decltype(step.operations)() : step.operations);
  }
  for (const planned_file& one : saved.files) {
    if (one.written) warnings.push_back(untold(one));
  }
  for (const saved_plan::step& step : saved.steps) {
    if (step.unknown.empty()) continue;
    warnings.push_back("what revision " + step.revision +
                       " does is not known in whole, and the plan cannot be run: " + step.unknown);
  }
}

}  // namespace

report run_plan(context& in) {
  plan_report body{make_plan(in), {}};
  const script::script_directory& scripts = in.here.scripts();
  require_reversible(scripts, body.plan);
  body.messages.reserve(body.plan.steps.size());
  if (way_of(in) == "upgrade") add_repeatables(in, body.plan);
  for (graph::step& step : body.plan.steps) {
    say_what_is_skipped(in, step);
    body.messages.push_back(message_of(scripts, step));
  }
  std::vector<std::string> warnings = body.plan.warnings;
  write_plan(in, body, warnings);
  return {std::move(body), std::move(warnings)};
}

}  // namespace luamig::cli
