// What a run does with a durable revision: step by step, and on again after a fault.
#include <algorithm>
#include <array>

#include "base/version.hpp"
#include "engine/durable_sink.hpp"
#include "engine/runner.hpp"

namespace luamig::engine {
namespace {

error left_half_done(const half_done& r, const std::vector<std::string>& rows) {
  const bool up = r.way == graph::direction::upgrade;
  error e(errc::refused,
          "revision '" + r.revision + "' is half " + (up ? "applied" : "taken back") + ": " +
              done_so_far(r.finished, r.in_part) + ", and this command would leave it so",
          std::string(up ? "luamig upgrade" : "luamig downgrade") +
              " goes on with it; luamig abort " + r.revision + " takes its steps back");
  e.revision = r.revision;
  e.state_after = "database unchanged, at " + describe(rows);
  return e;
}

/// By its id, or by what it alone begins with.
half_done find(progress& book, std::string_view revision) {
  std::vector<half_done> meant = book.under_way();
  std::erase_if(meant, [&](const half_done& r) { return !r.revision.starts_with(revision); });
  for (half_done& r : meant) {
    if (r.revision == revision) return r;
  }
  if (meant.size() == 1) return meant.front();
  throw error(errc::refused, "revision '" + std::string(revision) + "' is not half done",
              "luamig status shows what is");
}

void require_reverses(const std::vector<progress_entry>& done, const half_done& of) {
  for (const progress_entry& entry : done) {
    const bool writes = entry.kind == "step" || entry.kind == "part";
    if (!writes || !entry.reverse.empty()) continue;
    error e(errc::refused,
            "the step '" + entry.label + "' of revision '" + of.revision +
                "' has nothing that undoes it",
            "finish the revision: luamig upgrade; or undo the step by hand and set the rest right "
            "in a new revision");
    e.revision = of.revision;
    e.state_after = "half done: " + done_so_far(of.finished, of.in_part);
    throw e;
  }
}

}  // namespace

/// What is half done comes in this plan, in its own direction, or nothing is run.
void runner::require_continued(const graph::plan& plan, graph::direction way) {
  for (const half_done& r : progress(*on_, store_->where()).under_way()) {
    const bool goes_on = std::any_of(
        plan.steps.begin(), plan.steps.end(),
        [&](const graph::step& step) { return step.revision == r.revision && step.way == r.way; });
    if (!goes_on && (way == graph::direction::downgrade || !plan.steps.empty())) {
      throw left_half_done(r, rows_);
    }
  }
}

/// The revision's row, made where this is its first attempt.
half_done runner::take_up(const step_run& s, progress& book) {
  for (half_done& r : book.under_way()) {
    if (r.revision == s.info.revision && r.way == s.info.way) return r;
  }
  half_done fresh{s.info.revision, s.info.way, s.context.began, 0};
  db::transaction own(*on_);
  store_->create();
  book.create();
  book.begin(fresh);
  own.commit();
  store_->created();
  return fresh;
}

void runner::run_durable(step_run& s) {
  if (dirty_) on_->reset_session();
  dirty_ = true;
  if (store_->rows() != rows_) throw overtaken();
  begin_step(s);
  progress book(*on_, store_->where());
  const half_done of = take_up(s, book);
  s.context.began = of.began;
  steps_done_ = static_cast<std::size_t>(of.finished);
  in_part_ = of.in_part;
  durable_sink sink(
      *on_, watching_, of.revision, book.entries(of.revision, of.way),
      {.begun = [&] { name_session(s); },
       .before_commit = [&] { require_committable(); },
       .alone =
           [&](const progress_entry& entry, std::int64_t position) {
             db::transaction own(*on_);
             book.add(of.revision, of.way, entry, position);
             own.commit();
           },
       .keep = [&](const progress_entry& entry,
                   std::int64_t position) { book.add(of.revision, of.way, entry, position); },
       .replace_part =
           [&](const progress_entry& entry, const std::string& before) {
             book.replace_part(of.revision, of.way, entry, before);
           },
       .kept =
           [&](std::size_t finished, bool in_part) {
             steps_done_ = finished;
             in_part_ = in_part;
           }});
  run_script(s, sink);
  sink.require_all_asked();
  s.counts = {sink.totals().statements, sink.totals().rows};
  db::transaction own(*on_);
  name_session(s);
  write_books(s);
  book.clear(of.revision, of.way);
  commit(s, own);
  steps_done_ = 0;
  in_part_ = false;
}

void runner::take_back(std::string_view revision) {
  hold_lock(true);
  rows_ = store_->rows();
  progress book(*on_, store_->where());
  const half_done of = find(book, revision);
  const std::vector<progress_entry> done = book.entries(of.revision, of.way);
  require_reverses(done, of);
  started_ = true;
  step_context context{nullptr, of.way, options_.where.shown, options_.tag, now_ms(), {}, 0};
  for (auto entry = done.rbegin(); entry != done.rend(); ++entry) {
    if (entry->kind == "step") take_back_step(of, *entry, book, context);
  }
  history_entry aborted;
  aborted.revision = of.revision;
  aborted.direction = graph::name(of.way);
  aborted.outcome = "aborted";
  aborted.began = iso_time(context.began);
  aborted.who = self_.user;
  aborted.host = self_.host;
  aborted.luamig = version;
  db::transaction own(*on_);
  book.clear(of.revision, of.way);
  store_->record(aborted);
  own.commit();
  report_.applied.push_back(of.revision);
}

/// A step of its own, which takes the other one's row away.
void runner::take_back_step(const half_done& of, const progress_entry& entry, progress& book,
                            step_context& context) {
  const auto remove = [&](const progress_entry&, std::int64_t) {
    book.remove(of.revision, of.way, entry);
  };
  durable_sink sink(*on_, watching_, of.revision, {},
                    {.begun = [] {},
                     .before_commit = [&] { require_committable(); },
                     .alone = {},
                     .keep = remove,
                     .replace_part = {},
                     .kept = [](std::size_t, bool) {}});
  session door(sink);
  static_cast<void>(door.begin_step({entry.label, {}}));
  host_.perform(context, door, entry.reverse);
  door.finish_step({});
  watching_.message(observer::level::info, "taken back: " + entry.label);
}

}  // namespace luamig::engine
