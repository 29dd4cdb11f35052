// Rejected rows are tried again.
#include <algorithm>
#include <array>

#include "engine/durable_sink.hpp"
#include "engine/retry_pass.hpp"
#include "engine/runner.hpp"

namespace luamig::engine {
namespace {

using outcome = retried_row::outcome;

bool is_same_run(const rejected_row& a, const rejected_row& b) {
  return a.revision == b.revision && a.direction == b.direction;
}

error no_rejects(std::string_view revision) {
  return error{errc::refused, "there are no rejected rows of '" + std::string(revision) + "'",
               "luamig rejects list shows what there is"};
}

error no_revision(const rejected_row& of) {
  return error{
      errc::refused, "the rejected rows of '" + of.revision + "' are of a file that is no revision",
      "mend them and run the file again, with a where that finds them; then luamig rejects "
      "drop " +
          of.revision};
}

error without_file(const rejected_row& of) {
  return error{errc::integrity, "the file of revision '" + of.revision + "' is not here",
               "bring it back: its function is what is tried again"};
}

error still_half_done(const rejected_row& of) {
  return error{errc::refused, "revision '" + of.revision + "' is half done",
               "bring it to its end first: luamig " + of.direction};
}

error elsewhere(const rejected_row& of, bool applied) {
  return error{errc::refused,
               "revision '" + of.revision + "' is " + (applied ? "" : "not ") +
                   "applied, and its rows were rejected by its " + of.direction + "()",
               "luamig rejects drop " + of.revision + " forgets them"};
}

outcome outcome_of(std::string_view record) {
  for (const outcome what : {outcome::mended, outcome::passed, outcome::gone}) {
    if (record == name(what)) return what;
  }
  return outcome::failed;
}

/// Steps give back nothing when they are passed over, and a script may not be made for that.
void explain_survey(error& e) {
  if (e.code != errc::migration) return;
  e.message = "the script cannot be gone through without its steps: " + e.message;
  e.hint =
      "what a step gives back is nil or 0 here; mend the rows by a revision of their own, with a "
      "where that finds them";
}

std::string state_after(const retry_report& report) {
  const std::size_t mended = report.count(outcome::mended);
  if (mended == 0) return "the rejected rows are as they were";
  return "mended so far: " + std::to_string(mended) + "; the others are as they were";
}

}  // namespace

std::string_view name(outcome what) noexcept {
  switch (what) {
    case outcome::mended:
      return "mended";
    case outcome::passed:
      return "passed";
    case outcome::failed:
      return "failed";
    case outcome::gone:
      return "gone";
  }
  return "";
}

std::size_t retry_report::count(outcome what) const {
  return static_cast<std::size_t>(std::count_if(
      rows.begin(), rows.end(), [what](const retried_row& row) { return row.what == what; }));
}

std::size_t retry_report::remaining() const {
  return count(outcome::failed) + count(outcome::gone);
}

retry_report runner::retry(std::string_view revision) {
  hold_lock(true);
  rows_ = store_->rows();
  std::vector<rejected_row> due = rejects(*on_, store_->where()).all();
  if (!revision.empty()) {
    std::erase_if(due, [&](const rejected_row& row) { return row.revision != revision; });
    if (due.empty()) throw no_rejects(revision);
  }
  retry_report report;
  started_ = true;
  while (!due.empty()) {
    const rejected_row first = due.front();
    const auto rest = std::stable_partition(
        due.begin(), due.end(), [&](const rejected_row& row) { return is_same_run(row, first); });
    std::vector<rejected_row> of(due.begin(), rest);
    due.erase(due.begin(), rest);
    try {
      retry_revision(std::move(of), report);
    } catch (error& e) {
      if (!e.file.empty()) e.message = "rejected rows of " + first.revision + ": " + e.message;
      e.revision.clear();  // it has neither failed nor been rolled back
      if (e.state_after.empty()) e.state_after = state_after(report);
      throw;
    }
  }
  return report;
}

/// That of the revision: its function may ask for the time, and what it keeps of the rows belongs
/// to what was kept then.
std::int64_t runner::began_at(const rejected_row& of) {
  const std::string ms =
      on_postgresql() ? "round(extract(epoch FROM began_at) * 1000)::bigint"
                      : "CAST(round((julianday(began_at) - 2440587.5) * 86400000) AS INTEGER)";
  const std::array given{value(store_->where().version_table), value(of.revision),
                         value(of.direction)};
  const auto known = db::scalar(
      *on_,
      "SELECT " + ms + " FROM " + book_sql(on_->kind(), store_->where()).history_table() +
          " WHERE version_table = $1 AND revision = $2 AND direction = $3 AND outcome "
          "IN ('applied', 'reverted') ORDER BY id DESC LIMIT 1",
      given);
  const auto* number = known ? std::get_if<std::int64_t>(&*known) : nullptr;
  return number == nullptr ? now_ms() : *number;
}

void runner::retry_revision(std::vector<rejected_row> due, retry_report& report) {
  const rejected_row& of = due.front();
  if (of.direction == graph::name(graph::direction::repeat)) throw no_revision(of);
  if (!scripts_.graph().find(of.revision)) throw without_file(of);
  const bool up = of.direction == graph::name(graph::direction::upgrade);
  graph::step step{
      of.revision, up ? graph::direction::upgrade : graph::direction::downgrade, {}, false, ""};
  if (progress(*on_, store_->where()).row_of(of.revision, step.way)) throw still_half_done(of);
  const bool applied = graph::plan_upgrade(scripts_.graph(), rows_, of.revision).steps.empty();
  if (applied != up) throw elsewhere(of, applied);
  const script::script& script = scripts_.of(of.revision);
  host_.load(script, step.way);
  step_run s{step,
             script,
             {step.revision, script.head.message, step.way, 1, 1, "", ""},
             {&script,
              step.way,
              options_.where.shown,
              options_.tag,
              began_at(of),
              {},
              0,
              store_->where()}};
  retry_pass pass(std::move(due));
  go_through(s, pass, report);
  pass.choose(report.changed);
  go_through(s, pass, report);
}

void runner::go_through(step_run& s, retry_pass& pass, retry_report& report) {
  if (dirty_) on_->reset_session();
  dirty_ = true;
  if (store_->complete()) {
    db::transaction look(*on_);  // what it sets is for a transaction
    store_->remember();
    look.commit();
  }
  rejects book(*on_, store_->where());
  std::optional<retried_row> seen_to;
  const bool surveys = !pass.chosen();
  durable_sink sink(*on_, watching_, s.info.revision, {},
                    {.within = false,
                     .begun = [&] { name_session(s); },
                     .before_commit =
                         [&](std::int64_t) {
                           require_committable();
                           check_deferred();
                           if (!store_->complete()) return;
                           store_->guard_books();
                           store_->verify(rows_);
                         },
                     .alone = {},
                     .not_begun = [](const progress_entry&) {},
                     .keep = [&](const progress_entry& entry, std::int64_t) { pass.keep(entry); },
                     .replace_part =
                         [&](const progress_entry& entry, const std::string&) {
                           if (entry.record == "begun") return;
                           const outcome what = outcome_of(entry.record);
                           const bool failed = what == outcome::failed && seen_to.has_value();
                           if (!failed) seen_to = retried_row{*pass.next(), what};
                           if (what == outcome::mended || what == outcome::passed)
                             book.drop(pass.next()->id);
                         },
                     .kept =
                         [&](std::size_t, bool) {
                           if (!seen_to) return;
                           report.rows.push_back(*std::exchange(seen_to, std::nullopt));
                           pass.advance();
                         },
                     .reject =
                         [&](const rejected_row& row) {
                           seen_to = retried_row{*pass.next(), outcome::failed};
                           seen_to->row.error = row.error;
                           book.reject_again(seen_to->row.id, row);
                         },
                     .control = {},
                     .instead = [&](const progress_entry& now,
                                    const std::string& none) { return pass.instead(now, none); },
                     .part = [&]() -> std::optional<std::string> {
                       const rejected_row* const next = pass.next();
                       return next == nullptr ? std::nullopt : std::optional(next->key);
                     }});
  session door(sink);
  try {
    host_.before_step(s.context, door);
    host_.run(s.context, door);
  } catch (error& e) {
    const bool is_enough = surveys ? pass.found_all() : pass.done();
    if (is_enough && e.code == errc::migration) return;
    if (surveys) explain_survey(e);
    throw;
  }
  if (!surveys && !pass.done()) {
    throw error{errc::migration, "the script went another way the second time it was gone through",
                "mend the rows by a revision of their own, with a where that finds them"};
  }
}

}  // namespace luamig::engine
