#include "engine/migrator.hpp"

#include <chrono>

#include "engine/runner.hpp"

namespace luamig::engine {
namespace {

using clock = std::chrono::steady_clock;

runner::planner planner_of(graph::direction way) {
  return way == graph::direction::upgrade ? &graph::plan_upgrade : &graph::plan_downgrade;
}

/// Runs the action; what ends it after the first step has begun goes into the report.
template <class Action>
run_report report_of(runner& r, Action action) {
  const auto began = clock::now();
  std::optional<error> failure;
  try {
    action();
    r.finish();
  } catch (const error& e) {
    if (!r.started()) throw;
    failure = e;
    r.say_state(*failure);
  }
  run_report report = r.take_report();
  report.failure = std::move(failure);
  report.seconds = std::chrono::duration<double>(clock::now() - began).count();
  return report;
}

}  // namespace

run_report run(const run_options& options, const script::script_directory& scripts,
               script_host& host, observer& watching, graph::direction way,
               std::string_view target) {
  runner r(options, scripts, host, watching);
  return report_of(r, [&] { r.pass(way, planner_of(way), target); });
}

run_report run_both(const run_options& options, const script::script_directory& scripts,
                    script_host& host, observer& watching, std::string_view down_target,
                    std::string_view up_target) {
  runner r(options, scripts, host, watching);
  return report_of(r, [&] {
    r.pass(graph::direction::downgrade, &graph::plan_downgrade, down_target);
    if (up_target.empty()) {
      r.pass_to(r.rows_at_start());
    } else {
      r.pass(graph::direction::upgrade, &graph::plan_upgrade, up_target);
    }
  });
}

run_report run_loose(const run_options& options, const script::script_directory& scripts,
                     script_host& host, observer& watching, const script::script& file) {
  runner r(options, scripts, host, watching);
  return report_of(r, [&] { r.run_loose(file); });
}

run_report abort(const run_options& options, const script::script_directory& scripts,
                 script_host& host, observer& watching, std::string_view revision) {
  runner r(options, scripts, host, watching);
  return report_of(r, [&] { r.take_back(revision); });
}

retry_report retry_rejects(const run_options& options, const script::script_directory& scripts,
                           script_host& host, observer& watching, std::string_view revision) {
  runner r(options, scripts, host, watching);
  return r.retry(revision);
}

}  // namespace luamig::engine
