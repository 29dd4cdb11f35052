// What a run does within one step: the transaction, the script, the books.
#include <array>

#include "base/version.hpp"
#include "engine/live_sink.hpp"
#include "engine/measuring_sink.hpp"
#include "engine/repeatables.hpp"
#include "engine/runner.hpp"
#include "engine/undo_book.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {

/// Nothing of the step has run yet, so it was not the step that moved them.
error overtaken() {
  error e(errc::integrity, "another runner was here first");
  e.kind = "overtaken";
  return e;
}

void runner::open_transaction(step_run& s, std::optional<db::transaction>& own) {
  // A revision run alone and in a chain sees the same session.
  if (dirty_) on_->reset_session();
  dirty_ = true;
  if (!is_whole()) {
    own.emplace(*on_);
  } else if (!whole_) {
    whole_.emplace(*on_);
  }
  name_session(s);
  if (!on_postgresql() && store_->rows() != rows_) throw overtaken();
  if (s.repeats() && !on_postgresql()) require_due(s);
  store_->create();
  store_->remember();
}

/// What waiters are told, for this transaction.
void runner::name_session(const step_run& s) {
  if (!on_postgresql()) return;
  on_->enqueue("SELECT pg_catalog.set_config('application_name', $1, true)",
               std::array{value(running_name(self_, s.info.revision))});
}

/// On SQLite the lock is this transaction: only now nobody else can be running the file.
void runner::require_due(const step_run& s) {
  if (!why_repeat(scripts_.repeatable_of(s.info.revision), store_->repeated()).empty()) return;
  throw overtaken();
}

/// On SQLite the transaction is the lock: a step that waits for it has not begun.
void runner::begin_step(step_run& s) {
  s.begun = true;
  s.began = std::chrono::steady_clock::now();
  watching_.step_started(s.info);
  if (meter_) meter_->begin(s.info.revision, s.info.message, s.info.way);
}

void runner::run_step(step_run& s) {
  steps_done_ = 0;
  in_part_ = false;
  if (!s.script.head.transactional && !s.runs_not() && !s.repeats()) return run_durable(s);
  std::optional<db::transaction> own;
  open_transaction(s, own);
  begin_step(s);
  if (s.runs_not()) {
    s.context.outcome = s.context.way == graph::direction::upgrade ? "skipped" : "reverted";
  } else {
    live_sink sink(*on_, watching_);
    run_script(s, sink);
  }
  write_books(s);
  if (own) commit(s, *own);
}

void runner::run_script(step_run& s, sink& behind) {
  std::optional<measuring_sink> measured;
  if (meter_) {
    measured.emplace(behind, *meter_, options_.rehearses, !options_.rehearses && !options_.on_copy);
  }
  session door(measured ? static_cast<sink&>(*measured) : behind);
  host_.before_step(s.context, door);
  host_.run(s.context, door);
  s.context.outcome = s.context.way == graph::direction::downgrade ? "reverted" : "applied";
  s.context.seconds = s.seconds();
  host_.after_step(s.context, door);
  door.require_whole();
  s.counts = door.take_counters();
  s.files = door.take_files();
}

void runner::write_books(step_run& s) {
  if (!on_postgresql() && on_->state() != db::transaction_state::open) {
    throw error(errc::migration, "the database ended the transaction of this revision",
                "a statement with ON CONFLICT ROLLBACK or RAISE(ROLLBACK) does that");
  }
  // Steps that share a transaction may leave to each other what its end looks at.
  if (!options_.single_transaction) check_deferred();
  store_->guard_books();
  store_->edit(s.step, rows_);
  if (s.context.way == graph::direction::downgrade) {
    forget_undo(*on_, store_->where(), s.info.revision);
  }
  store_->record(entry(s, s.context.outcome));
  if (!options_.single_transaction) store_->verify(graph::edited(rows_, s.step.edit));
  if (options_.rehearses) on_->flush();
  measure(s, false);
}

void runner::check_deferred() {
  if (options_.rehearses) return check_as_commit();
  store_->check_deferred();
}

void runner::require_committable() {
  if (!watched_ && !apart_) lock_->require_held();
  if (options_.stop != nullptr) options_.stop->check();
}

void runner::commit(step_run& s, db::transaction& own) {
  require_committable();
  s.committing = true;
  own.commit();
  s.committing = false;
  store_->created();
}

/// The step that a single transaction ended with.
const std::string& runner::last_done() const {
  return report_.repeated.empty() ? report_.applied.back() : report_.repeated.back();
}

/// Commits a single transaction; where that fails, no step of it is done.
void runner::finish() {
  if (!whole_) return;
  if (options_.rehearses) return end_rehearsal();
  bool committing = false;
  try {
    require_committable();
    store_->check_deferred();
    store_->guard_books();
    store_->verify(rows_);
    committing = true;
    whole_->commit();
    store_->created();
  } catch (error& e) {
    whole_.reset();
    if (!committing || !survived(e, last_done(), rows_)) {
      explain_state(e);
      throw;
    }
  }
  whole_.reset();
  publish(std::move(files_));
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
  e.source = s.script.text;
  e.checksum = script::checksum(e.source);
  e.required = s.repeats() ? scripts_.repeatable_of(s.script.name).required
                           : host_.required_checksum(s.script);
  e.statements = s.counts.statements;
  e.rows = s.counts.rows;
  return e;
}

}  // namespace luamig::engine
