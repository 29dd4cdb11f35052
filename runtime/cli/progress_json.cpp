#include "cli/effects.hpp"
#include "cli/json_line.hpp"
#include "cli/progress.hpp"
#include "db/mask.hpp"

namespace luamig::cli {
namespace {

constexpr double between_progress = 1;  // seconds

std::string_view word(engine::observer::level how) {
  switch (how) {
    case engine::observer::level::debug:
      return "debug";
    case engine::observer::level::info:
      return "info";
    case engine::observer::level::warning:
      return "warning";
  }
  return "info";
}

class json_observer final : public engine::observer {
 public:
  json_observer(std::ostream& out, std::string env, loudness loud)
      : out_(out), env_(std::move(env)), loud_(loud) {}

  void run_started(const run_info& run) override {
    json_value steps = json_value::array();
    json_value rows = json_value::array();
    if (run.plan != nullptr) {
      rows = run.plan->rows_before;
      for (const graph::step& step : run.plan->steps) {
        steps.push_back(
            {{"revision", step.revision}, {"direction", graph::name(step.way)}, {"why", step.why}});
      }
    }
    print({{"event", "start"},
           {"url", run.shown_url},
           {"direction", graph::name(run.way)},
           {"target", run.target},
           {"database_revision", std::move(rows)},
           {"steps", std::move(steps)}});
  }

  void step_started(const step_info& step) override {
    revision_ = step.revision;
    print({{"event", "step_started"},
           {"revision", step.revision},
           {"direction", graph::name(step.way)},
           {"message", step.message}});
  }

  void step_finished(const step_result& result) override {
    print({{"event", "step_finished"},
           {"revision", result.step.revision},
           {"direction", graph::name(result.step.way)},
           {"seconds", result.seconds},
           {"statements", result.statements},
           {"rows", result.rows},
           {"skipped",
            result.step.skipped.empty() ? json_value() : json_value(result.step.skipped)}});
  }

  void statement_ran(const engine::statement& s, double seconds) override {
    if (loud_ >= loudness::every_statement) {
      print({{"event", "statement"},
             {"sql", db::mask(s.sql)},
             {"seconds", seconds},
             {"file", s.file.empty() ? json_value() : json_value(s.file)},
             {"line", s.line > 0 ? json_value(s.line) : json_value()}});
    }
  }

  void measured(const engine::revision_effects& what) override { print(effects_json(what)); }

  void rows_worked(const rows_done& done) override {
    if (done.what.empty()) return;
    if (done.seconds < between_progress) next_progress_ = between_progress;  // it has just begun
    if (done.seconds < next_progress_) return;
    next_progress_ = done.seconds + between_progress;
    print({{"event", "progress"},
           {"revision", revision_},
           {"what", done.what},
           {"rows", done.rows},
           {"total", done.total ? json_value(*done.total) : json_value()},
           {"rate", done.rate},
           {"seconds", done.seconds}});
  }

  void message(level how, std::string_view text) override {
    if (how != level::debug || loud_ >= loudness::verbose) {
      print({{"event", "message"}, {"level", word(how)}, {"text", db::mask(text)}});
    }
  }

  void waiting_for_lock(std::string_view holder, double seconds) override {
    print({{"event", "waiting"}, {"holder", holder}, {"seconds", seconds}});
  }

 private:
  void print(json_value object) { print_line(out_, env_, std::move(object)); }

  std::ostream& out_;
  const std::string env_;
  const loudness loud_;
  std::string revision_;
  double next_progress_ = between_progress;
};

}  // namespace

std::unique_ptr<engine::observer> json_progress(std::ostream& out, std::string env, loudness loud) {
  return std::make_unique<json_observer>(out, std::move(env), loud);
}

}  // namespace luamig::cli
