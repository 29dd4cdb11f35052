#include "engine/runner.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "engine/live_sink.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

using clock = std::chrono::steady_clock;

/// Another session stood in the way; the same step may well go through later.
bool passes_with_time(const error& e) {
  return e.sqlstate == "55P03" || e.sqlstate == "40001" || e.sqlstate == "40P01";
}

void require_runnable(const script::script& script) {
  const script::header& h = script.head;
  const char* what = !h.transactional          ? "transactional = false"
                     : !h.environments.empty() ? "environments"
                                               : nullptr;
  if (what == nullptr) return;
  error e(errc::script,
          "revision '" + h.revision + "' says '" + what + "', which luamig " +
              std::string(version) + " cannot run",
          "remove that line");
  e.file = script.name;
  throw e;
}

}  // namespace

std::string describe(const std::vector<std::string>& rows) {
  return rows.empty() ? "base" : text::join(rows, ", ");
}

runner::runner(const run_options& options, const script::script_directory& scripts,
               script_host& host, observer& watching)
    : options_(options), scripts_(scripts), host_(host), watching_(watching) {
  connect();
  rows_at_start_ = store_->rows();
}

void runner::connect() {
  db::open_options how = options_.how;
  how.application_name = self_.name;
  store_.reset();
  on_ = db::open_database(options_.where, how);
  store_.emplace(*on_, options_.where_books);
  on_->protect(protected_tables(options_.where_books));
  if (options_.stop != nullptr) options_.stop->watch(on_.get(), &host_);
}

runner::~runner() {
  if (options_.stop != nullptr) options_.stop->watch(nullptr, nullptr);
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

/// Loads every file of the plan, so that a mistake in the last stops before the first statement.
void runner::check_files(const graph::plan& plan, graph::direction way) {
  for (const graph::step& step : plan.steps) {
    const script::script& script = scripts_.of(step.revision);
    if (sources_.contains(step.revision)) continue;
    require_runnable(script);
    if (way == graph::direction::downgrade && !script.head.irreversible.empty()) {
      error e(errc::refused,
              "revision '" + step.revision + "' is irreversible: " + script.head.irreversible,
              "downgrade to '" + step.revision + "' or a later revision at the most");
      e.revision = step.revision;
      e.file = script.name;
      e.state_after = "database unchanged, at " + describe(rows_);
      throw e;
    }
    std::string source = file::read(script.path);
    host_.load(script, source, way);
    sources_.emplace(step.revision, std::move(source));
  }
}

/// The rows are read again under the lock: first contact is where every peer loses its race.
void runner::take_lock(graph::direction way) {
  if (lock_) return;
  db::open_options how = options_.how;
  how.application_name = self_.name;
  lock_.emplace(lock::acquire(options_.where, how, store_->where(), options_.lock_wait, watching_,
                              options_.stop));
  if (store_->rows() != rows_) plan_again(way);
}

void runner::run_plan(graph::direction way, graph::plan plan, std::string_view target) {
  report_.warnings.insert(report_.warnings.end(), plan.warnings.begin(), plan.warnings.end());
  plan_ = std::move(plan);
  at_ = 0;
  if (plan_.steps.empty()) return;
  sources_.clear();
  check_files(plan_, way);
  take_lock(way);
  watching_.run_started({options_.where.shown, way, std::string(target), &plan_});
  const auto deadline = clock::now() + options_.lock_wait;
  while (at_ < plan_.steps.size()) {
    if (options_.stop != nullptr) options_.stop->check();
    step_run s = next_step(way);
    if (attempt(s)) {
      ++at_;
      continue;
    }
    if (clock::now() > deadline) {
      throw error(errc::lock, "the step could not be done in time: others keep the database busy",
                  "try again later, or give --lock-wait a longer time");
    }
    plan_again(way);
  }
}

/// Another runner was there first: from the present rows to the same place.
void runner::plan_again(graph::direction way) {
  rows_ = store_->rows();
  plan_ = graph::replan(scripts_.graph(), plan_, way, rows_);
  at_ = 0;
  check_files(plan_, way);
}

runner::step_run runner::next_step(graph::direction way) const {
  const graph::step& step = plan_.steps[at_];
  const script::script& script = scripts_.of(step.revision);
  return {step,
          script,
          sources_.find(step.revision)->second,
          {step.revision, script.head.message, way, at_ + 1, plan_.steps.size(), step.why},
          {&script, way, options_.where.shown, options_.tag, now_ms(), {}, 0}};
}

run_report runner::take_report() {
  for (std::size_t i = at_; i < plan_.steps.size(); ++i) {
    report_.pending.push_back(plan_.steps[i].revision);
  }
  report_.heads = rows_;
  return std::move(report_);
}

/// Runs a step; false when it was rolled back and is to be planned again.
bool runner::attempt(step_run& s) {
  started_ = true;
  watching_.step_started(s.info);
  try {
    run_step(s);
  } catch (error& e) {
    const bool lost = s.committing && e.code == errc::connection;
    if (lost && on_postgresql() && settle(s)) return true;
    const bool alone = !options_.single_transaction;
    if (alone && version_store::says_books_moved(e)) return false;
    if (alone && passes_with_time(e)) {
      watching_.message(
          observer::level::warning,
          "revision " + s.info.revision + " was rolled back, trying again: " + e.message);
      ::poll(nullptr, 0, 200);
      return false;
    }
    explain(s, e);
    whole_.reset();
    record_failure(s, e);
    tell_on_error(s, e);
    watching_.step_failed(s.info, e);
    throw;
  }
  step_done(s);
  return true;
}

void runner::step_done(const step_run& s) {
  report_.applied.push_back(s.info.revision);
  rows_ = s.step.rows_after;
  watching_.step_finished({s.info, s.seconds(), s.counts.statements, s.counts.rows});
}

void runner::open_transaction(step_run& s, std::optional<db::transaction>& own) {
  if (!options_.single_transaction) {
    own.emplace(*on_);
  } else if (!whole_) {
    whole_.emplace(*on_);
  }
  // A revision run alone and in a chain sees the same session.
  if (dirty_) on_->reset_session();
  dirty_ = true;
  if (on_postgresql()) {
    on_->enqueue("SELECT pg_catalog.set_config('application_name', $1, true)",
                 std::array{value(running_name(self_, s.info.revision))});
  } else if (store_->rows() != s.step.rows_before) {
    error e(errc::integrity, "another runner was here first");
    e.kind = "books_moved";
    throw e;
  }
  store_->create(s.info.revision.size());
}

void runner::run_step(step_run& s) {
  std::optional<db::transaction> own;
  open_transaction(s, own);
  live_sink sink(*on_, watching_);
  session door(sink);
  host_.before_step(s.context, door);
  host_.run(s.context, door);
  s.context.outcome = s.context.way == graph::direction::upgrade ? "applied" : "reverted";
  s.context.seconds = s.seconds();
  host_.after_step(s.context, door);
  door.require_whole();
  s.counts = door.take_counters();
  write_books(s);
  if (own) commit(s, *own);
}

void runner::write_books(step_run& s) {
  if (!on_postgresql() && on_->state() != db::transaction_state::open) {
    throw error(errc::migration, "the database ended the transaction of this revision",
                "a statement with ON CONFLICT ROLLBACK or RAISE(ROLLBACK) does that");
  }
  store_->edit(s.step);
  store_->record(entry(s, s.context.outcome));
}

void runner::commit(step_run& s, db::transaction& own) {
  lock_->require_held();
  if (options_.stop != nullptr) options_.stop->check();
  s.committing = true;
  own.commit();
  s.committing = false;
  store_->created();
}

void runner::finish() {
  if (!whole_) return;
  lock_->require_held();
  whole_->commit();
  whole_.reset();
  store_->created();
}

history_entry runner::entry(const step_run& s, std::string_view outcome) const {
  history_entry e;
  e.revision = s.info.revision;
  e.direction = graph::name(s.info.way);
  e.outcome = outcome;
  e.began = iso_time(s.context.began);
  e.seconds = s.seconds();
  e.who = self_.user;
  e.host = self_.host;
  e.luamig = version;
  e.source = script::normalise(s.source);
  e.checksum = script::checksum(e.source);
  e.required = host_.required_checksum(s.script);
  e.statements = s.counts.statements;
  e.rows = s.counts.rows;
  return e;
}

}  // namespace luamig::engine
