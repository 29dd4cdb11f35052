#include "engine/runner.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/left_files.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "engine/repeatables.hpp"

namespace luamig::engine {

std::string describe(const std::vector<std::string>& rows) {
  return rows.empty() ? "base" : text::join(rows, ", ");
}

void require_runnable(const script::script& script, graph::direction way, std::string_view state) {
  const script::header& h = script.head;
  if (way != graph::direction::downgrade || h.irreversible.empty()) return;
  error e(errc::refused, "revision '" + h.revision + "' is irreversible: " + h.irreversible,
          "downgrade to '" + h.revision + "' or a later revision at the most");
  e.revision = h.revision;
  e.file = script.name;
  e.state_after = state;
  throw e;
}

namespace {

void require_transactional(const script::script& script) {
  if (script.head.transactional) return;
  error e(errc::refused,
          "revision '" + script.head.revision +
              "' says 'transactional = false': it is committed step by step, and cannot be part "
              "of a single transaction",
          "leave --single-transaction out");
  e.file = script.name;
  throw e;
}

}  // namespace

runner::runner(const run_options& options, const script::script_directory& scripts,
               script_host& host, observer& watching)
    : options_(options),
      scripts_(scripts),
      host_(host),
      watching_(watching),
      interruptible_(options.stop, host) {
  connect();
  rows_at_start_ = store_->rows();
}

void runner::connect() {
  how_ = options_.how;
  how_.application_name = self_.name;
  interruptible_.on(nullptr);
  store_.reset();
  how_.rehearses = options_.rehearses;
  how_.counts_rows = options_.measures;
  on_ = db::open_database(place(), how_);
  store_.emplace(*on_, options_.where_books);
  if (options_.measures) meter_.emplace(*on_, store_->where());
  on_->protect(protected_tables(store_->where()));
  interruptible_.on(on_.get());
}

void runner::pass(graph::direction way, planner plan, std::string_view target) {
  rows_ = lock_ ? store_->rows() : rows_at_start_;
  run_plan(way, plan(scripts_.graph(), rows_, target), target);
}

void runner::pass_to(const std::vector<std::string>& rows) {
  rows_ = store_->rows();
  graph::plan aim;
  aim.target = rows;
  run_plan(graph::direction::upgrade,
           graph::replan(scripts_.graph(), aim, graph::direction::upgrade, rows_),
           text::join(rows, " "));
}

/// Loads every file of the plan and looks whether the books can hold its ids, so that a mistake in
/// the last step stops before the first statement.
void runner::check_files(const graph::plan& plan, graph::direction way) {
  for (const graph::step& step : plan.steps) {
    const script::script& script = scripts_.of(step.revision);
    if (loaded_.contains(step.revision)) continue;
    require_runnable(script, way, "database unchanged, at " + describe(rows_));
    if (options_.single_transaction) require_transactional(script);
    require_known(script, options_.here);
    host_.load(script, way);
    loaded_.insert(step.revision);
  }
  store_->require_room(plan.steps);
  if (way == graph::direction::downgrade) empty_ = store_->skipped();
}

/// The rows are read again under the lock: first contact is where every peer loses its race.
void runner::take_lock(graph::direction way) {
  if (lock_) return;
  hold_lock(!options_.rehearses &&
            std::any_of(plan_.steps.begin(), plan_.steps.end(), [this](const graph::step& step) {
              return !scripts_.of(step.revision).head.transactional;
            }));
  keep_own_sequences();
  watch_blocking();
  const bool repeats = !plan_.steps.empty() && plan_.steps.back().way == graph::direction::repeat;
  if (repeats || store_->rows() != rows_) plan_again(way);
}

void runner::hold_lock(bool durable) {
  db::open_options how = options_.how;
  how.application_name = self_.name;
  lock_.emplace(lock::acquire(options_.where, how, store_->where(), options_.lock_wait, watching_,
                              options_.stop, durable));
}

void runner::run_plan(graph::direction way, graph::plan plan, std::string_view target) {
  report_.warnings.insert(report_.warnings.end(), plan.warnings.begin(), plan.warnings.end());
  plan_ = std::move(plan);
  if (way == graph::direction::upgrade) add_repeatables(plan_, scripts_, &*store_);
  at_ = 0;
  require_continued(plan_);
  if (plan_.steps.empty()) return;
  loaded_.clear();
  check_files(plan_, way);
  take_lock(way);
  ask_approval();
  watching_.run_started({options_.where.shown, way, std::string(target), &plan_});
  while (at_ < plan_.steps.size()) {
    if (options_.stop != nullptr) options_.stop->check();
    step_run s = next_step();
    if (!attempt(s)) {
      plan_again(way);
      continue;
    }
    ++at_;
    give_up_at_.reset();
  }
}

/// Another runner was there first: from the present rows to the same place.
void runner::plan_again(graph::direction way) {
  rows_ = store_->rows();
  plan_ = graph::replan(scripts_.graph(), plan_, way, rows_);
  if (way == graph::direction::upgrade) add_repeatables(plan_, scripts_, &*store_);
  at_ = 0;
  check_files(plan_, way);
  if (started_) ask_approval();
}

void runner::ask_approval() {
  if (options_.approve) options_.approve(plan_, *on_, store_->where());
}

/// Down as it went up: what was applied empty has nothing to take back.
std::string runner::why_not_run(const graph::step& step, const script::script& script) const {
  if (step.way == graph::direction::upgrade) return why_elsewhere(script.head, options_.here);
  return empty_.contains(step.revision) ? "was applied empty" : "";
}

runner::step_run runner::next_step() const {
  const graph::step& step = plan_.steps[at_];
  const script::script& script = scripts_.of(step.revision);
  return {
      step,
      script,
      {step.revision, script.head.message, step.way, at_ + 1, plan_.steps.size(), step.why,
       why_not_run(step, script)},
      {&script, step.way, options_.where.shown, options_.tag, now_ms(), {}, 0, store_->where()}};
}

/// A run that was killed between a COMMIT and the end may have left what the commit was to put in
/// its place.
void runner::tell_of_left_files() {
  if (options_.rehearses || options_.on_copy) return;
  for (const std::filesystem::path& file : file::left_beneath(scripts_.migrations())) {
    const std::string name = file.filename().string();
    const std::filesystem::path place =
        file.parent_path() / name.substr(1, name.rfind(file::being_written) - 1);
    report_.warnings.push_back("'" + file.string() +
                               "' was written by a run that was killed before "
                               "it could become '" +
                               place.string() +
                               "': rename it where that run "
                               "was committed (luamig history), else remove it");
  }
}

run_report runner::take_report() {
  tell_of_left_files();
  if (options_.rehearses) put_own_sequences_back();
  for (std::size_t i = at_; i < plan_.steps.size(); ++i) {
    report_.pending.push_back(plan_.steps[i].revision);
  }
  report_.heads = rows_;
  if (options_.rehearses || options_.on_copy)
    report_.would_be = std::exchange(report_.heads, rows_at_start_);
  return std::move(report_);
}

/// Runs a step; false when it was rolled back and is to be planned again.
bool runner::attempt(step_run& s) {
  started_ = true;
  try {
    run_step(s);
  } catch (error& e) {
    const bool done =
        s.committing && survived(e, s.info.revision, graph::edited(rows_, s.step.edit));
    if (!done && comes_again(e, s)) return false;
    if (!done) {
      give_up(s, e);
      throw;
    }
  }
  step_done(s);
  return true;
}

/// They belong to what has been committed.
void runner::publish(std::vector<file::output> files) {
  for (file::output& written : files) {
    const std::string reason = written.publish();
    if (!reason.empty()) watching_.message(observer::level::warning, reason);
  }
}

void runner::step_done(step_run& s) {
  if (whole_) {
    std::move(s.files.begin(), s.files.end(), std::back_inserter(files_));
  } else {
    publish(std::move(s.files));
  }
  (s.repeats() ? report_.repeated : report_.applied).push_back(s.info.revision);
  if (s.info.way == graph::direction::downgrade) ++report_.reverted;
  if (s.info.way == graph::direction::upgrade && s.runs_not() && options_.here.name.empty()) {
    report_.warnings.push_back("revision " + s.info.revision + " is " + s.info.skipped +
                               ", and no environment is chosen (-n): it is recorded, and was not "
                               "run");
  }
  rows_ = graph::edited(std::move(rows_), s.step.edit);
  watching_.step_finished({s.info, s.seconds(), s.counts.statements, s.counts.rows});
  tell_effects();
}

}  // namespace luamig::engine
