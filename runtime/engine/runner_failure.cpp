// What a run does when a step fails: say where and what state, keep the books honest.
#include <poll.h>

#include <array>

#include "db/mask.hpp"
#include "engine/advice.hpp"
#include "engine/runner.hpp"
#include "engine/second_database.hpp"

namespace luamig::engine {
namespace {

using clock = std::chrono::steady_clock;

/// Another session stood in the way; the same step may well go through later.
bool passes_with_time(const error& e) {
  return e.sqlstate == "55P03" || e.sqlstate == "40001" || e.sqlstate == "40P01";
}

/// What a run had done when one of its revisions failed: "2 revisions before it stay".
std::string done_before(const run_report& done) {
  const auto revisions = [](std::size_t count, std::string_view end) {
    return std::to_string(count) + (count == 1 ? " revision" : " revisions") + std::string(end);
  };
  const std::size_t applied = done.applied.size() - done.reverted;
  if (done.reverted == 0) {
    return revisions(applied, applied == 1 ? " before it stays" : " before it stay");
  }
  const std::string back = revisions(done.reverted, " taken back before it");
  return applied == 0 ? back : back + ", " + std::to_string(applied) + " applied again";
}

}  // namespace

/// What a script put off was looked at by a statement of luamig's.
void runner::explain_deferred(error& e) {
  if (e.line != 0 || (e.sql != check_deferred_sql && e.sql != "COMMIT")) return;
  e.sql.clear();
  const bool is_constraint = e.kind == "foreign_key" || e.kind == "unique" || e.kind == "check" ||
                             e.kind == "exclusion" || e.kind == "constraint";
  if (is_constraint && e.hint.empty()) {
    e.hint =
        "the check was put off until the end of the transaction: mend the rows before that, or "
        "SET CONSTRAINTS ALL IMMEDIATE where it shall fail";
  }
}

/// The books were not those that the step expected. Where they are, now that it is rolled back,
/// nobody else has moved them.
bool runner::was_own_doing() {
  whole_.reset();
  return store_->rows() == (is_whole() ? rows_at_start_ : rows_);
}

/// Nobody else has moved the books: somebody has put something on them, or the revision did.
void runner::explain_books(error& e) {
  const bool is_loose = plan_.steps.empty();
  const std::string_view by = by_hand_ ? "entry" : is_loose ? "script" : "revision";
  if (!store_->name_damage(e, by)) store_->blame(e, by);
}

/// Whether the step is to be tried again: it was rolled back because of others, and there is time.
bool runner::comes_again(error& e, const step_run& s) {
  if (watched_ && watched_->verdict()) return false;
  if (store_->concerns(e) && was_own_doing()) {
    explain_books(e);
    return false;
  }
  const bool moved = e.kind == "overtaken" || version_store::says_books_moved(e);
  const bool has_begun = s.begun || !report_.applied.empty();
  if (moved && options_.rehearses && !has_begun) {
    whole_.reset();
  } else if (is_whole() || (!moved && !passes_with_time(e))) {
    return false;
  }
  if (!give_up_at_) give_up_at_ = clock::now() + options_.lock_wait;
  if (clock::now() > *give_up_at_) {
    e.code = errc::lock;
    e.message = "the step could not be done in time, others keep the database busy: " + e.message;
    e.hint = "try again later, or give --lock-wait a longer time";
    return false;
  }
  if (moved) return true;
  watching_.message(observer::level::warning,
                    (s.script.head.transactional ? "revision " : "a step of revision ") +
                        s.info.revision + " was rolled back, trying again: " + e.message);
  ::poll(nullptr, 0, 200);
  return true;
}

/// The step has failed for good. The transaction is undone before anything is written of it.
void runner::give_up(step_run& s, error& e) {
  explain(s, e);
  measure(s, true);
  whole_.reset();
  ask_advice(e);
  record_failure(s, e);
  tell_on_error(s, e);
  if (s.begun) watching_.step_failed(s.info, e);
  tell_effects();
}

/// Says where; the cause stays as it is.
void runner::explain(const step_run& s, error& e) {
  if (s.begun) {
    e.revision = s.info.revision;
    e.revision_message = s.info.message;
    if (e.file.empty()) e.file = s.script.name;
    report_.failed = s.info.revision;
  }
  explain_state(e);
}

void runner::say_state(error& e) {
  if (e.state_after.empty()) explain_state(e);
}

void runner::explain_half_done(error& e) const {
  if (e.code != errc::interrupted && e.code != errc::integrity) e.code = errc::partial;
  e.half_done = true;
  e.state_after = "half done: " + done_so_far(static_cast<std::int64_t>(steps_done_), in_part_) +
                  "; still at " + describe(rows_);
  if (e.hint.empty()) {
    e.hint = "mend what failed and run the same command again: it goes on after them";
  }
}

/// Says what state the database is in now, and what the error means to whoever ran the command.
void runner::explain_state(error& e) {
  // Of a single transaction the COMMIT may be the first to tell.
  if (store_->concerns(e) && was_own_doing()) explain_books(e);
  explain_deferred(e);
  if (options_.stop != nullptr && options_.stop->requested() != 0 &&
      (e.kind == "interrupted" || e.code == errc::interrupted)) {
    e.code = errc::interrupted;
    e.signal = options_.stop->requested();
  }
  if (e.code == errc::sql) e.code = errc::migration;
  if (options_.rehearses || options_.on_copy) return explain_rehearsal(e);
  if (e.code == errc::connection || e.code == errc::in_doubt) {
    e.state_after = "what was not committed is rolled back by the server; `luamig current` tells";
    return;
  }
  if (steps_done_ > 0 || in_part_) {
    explain_half_done(e);
  } else if (options_.single_transaction) {
    report_.applied.clear();
    report_.reverted = 0;
    report_.repeated.clear();
    at_ = 0;
    rows_ = rows_at_start_;
    e.state_after = "database unchanged, still at " + describe(rows_at_start_) +
                    ": all steps are one transaction";
  } else if (at_ < plan_.steps.size() && plan_.steps[at_].way == graph::direction::repeat) {
    e.state_after = "this file is rolled back, what ran before it stays; now at " + describe(rows_);
  } else if (report_.applied.empty()) {
    e.state_after = "database unchanged, still at " + describe(rows_);
  } else {
    e.state_after =
        "this revision is rolled back, " + done_before(report_) + "; now at " + describe(rows_);
  }
}

/// At best: where the catalogs cannot be read, the error stays as it is.
void runner::ask_advice(error& e) {
  if (e.code == errc::connection || e.code == errc::in_doubt || e.code == errc::lock) return;
  if (is_of_second(e)) return;
  try {
    advise(*on_, e);
  } catch (const error&) {
  }
}

/// A row of its own, after the rollback and at best: the run has failed already, and says why.
void runner::record_failure(const step_run& s, const error& e) {
  // Without a connection there is nowhere to write it, without the lock it would be waited for.
  if (e.code == errc::connection || e.code == errc::in_doubt || e.code == errc::lock) return;
  if (options_.rehearses || plan_.steps.empty()) return;  // nor of a script that is no revision
  try {
    db::transaction own(*on_);
    store_->create();
    history_entry failed = entry(s, "failed");
    failed.error = db::mask(e.message);
    failed.source.clear();
    store_->record(failed);
    own.commit();
    store_->created();
  } catch (const error&) {
  }
}

/// At best: a row that stays makes the next attempt look twice.
void runner::forget(progress& book, const half_done& of, const progress_entry& entry) noexcept {
  try {
    db::transaction own(*on_);
    book.remove(of.revision, of.way, entry);
    own.commit();
  } catch (const error&) {
  }
}

/// The first error counts: a hook that fails on it is only reported.
void runner::tell_on_error(const step_run& s, const error& e) {
  try {
    host_.on_error(s.context, e);
  } catch (const error& hook) {
    watching_.message(observer::level::warning, hook.message);
  }
}

/// The error came out of COMMIT. Where the connection broke, waits until the old backend is gone
/// and asks the books. True: `committed` is what they hold, and the run goes on with a new
/// connection.
bool runner::survived(error& e, const std::string& revision,
                      const std::vector<std::string>& committed) {
  if (e.code != errc::connection || !on_postgresql()) return false;
  const std::array lost{value(running_name(self_, revision))};
  for (const auto end = clock::now() + std::chrono::seconds(20); clock::now() < end;) {
    try {
      connect();
      if (db::scalar(*on_, "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1",
                     lost) == value(std::int64_t{0})) {
        if (store_->rows() != committed) return false;
        report_.warnings.push_back("the connection was lost while revision " + revision +
                                   " was being committed; it is committed");
        return true;
      }
    } catch (const error&) {
      // The server is not back yet.
    }
    ::poll(nullptr, 0, 250);
  }
  e.code = errc::in_doubt;
  e.message = "the connection was lost while revision '" + revision +
              "' was being committed, and the server cannot be reached: " + e.message;
  e.hint = "once it answers: luamig current; then the same command again";
  return false;
}

}  // namespace luamig::engine
