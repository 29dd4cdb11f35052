// What a run does with a durable revision: step by step, and on again after a fault.
#include <algorithm>
#include <array>

#include "base/version.hpp"
#include "engine/durable_sink.hpp"
#include "engine/runner.hpp"

namespace luamig::engine {
namespace {

std::string said(const half_done& r) {
  const std::string_view how = r.is_script()                        ? "' is half done: "
                               : r.way == graph::direction::upgrade ? "' is half applied: "
                                                                    : "' is half taken back: ";
  return "revision '" + r.revision + std::string(how) + done_so_far(r.finished, r.in_part);
}

std::string goes_on(const half_done& r) {
  if (r.is_script()) return "luamig run " + r.revision + " --durable goes on with it";
  return std::string(r.way == graph::direction::upgrade ? "luamig upgrade" : "luamig downgrade") +
         " goes on with it";
}

error about(const half_done& r, errc code, std::string message, std::string hint) {
  error e(code, said(r) + std::move(message), std::move(hint));
  e.revision = r.revision;
  e.half_done = true;
  return e;
}

error left_half_done(const half_done& r) {
  return about(r, errc::refused, ", and this command would leave it so",
               goes_on(r) + "; luamig abort " + r.revision + " takes its steps back");
}

error without_file(const half_done& r) {
  return about(r, errc::integrity, ", and its file is not here",
               "bring back its file; or luamig abort " + r.revision + " takes its steps back");
}

error otherwise(const half_done& r) {
  return about(
      r, errc::refused, ", and now it would not be run step by step",
      "put back transactional = false in its header, and run it in the environment that it "
      "was begun in; or luamig abort " +
          r.revision + " takes its steps back");
}

/// By its id, or by what it alone begins with.
half_done find(progress& book, std::string_view revision) {
  std::vector<half_done> meant = book.under_way();
  std::erase_if(meant, [&](const half_done& r) { return !r.revision.starts_with(revision); });
  for (half_done& r : meant) {
    if (r.revision == revision) return r;
  }
  if (meant.size() == 1) return meant.front();
  if (meant.size() > 1) {
    throw error(errc::refused, "'" + std::string(revision) + "' is the beginning of several: '" +
                                   meant[0].revision + "' and '" + meant[1].revision + "'");
  }
  throw error(errc::refused, "revision '" + std::string(revision) + "' is not half done",
              "luamig status shows what is");
}

void require_reverses(const std::vector<progress_entry>& done, const half_done& of) {
  for (const progress_entry& entry : done) {
    const bool writes = entry.is_step() || entry.kind == "part";
    if (!writes || !entry.reverse.empty()) continue;
    error e(errc::refused,
            "the step '" + entry.label + "' of revision '" + of.revision +
                "' has nothing that undoes it",
            goes_on(of) +
                "; or undo its steps by hand and say where the database is: luamig stamp "
                "--purge REVISION");
    e.revision = of.revision;
    e.half_done = true;
    e.state_after = "half done: " + done_so_far(of.finished, of.in_part);
    throw e;
  }
}

}  // namespace

void require_nothing_half_done(db::connection& on, const books& where) {
  for (const half_done& r : progress(on, where).under_way()) {
    if (!r.is_script()) throw left_half_done(r);
  }
}

/// What is half done comes in this plan, in its own direction and step by step, or nothing is run.
void runner::require_continued(const graph::plan& plan) {
  for (const half_done& r : progress(*on_, store_->where()).under_way()) {
    if (r.is_script()) continue;
    const auto step = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const graph::step& s) {
      return s.revision == r.revision && s.way == r.way;
    });
    if (!scripts_.graph().find(r.revision)) throw without_file(r);
    if (step == plan.steps.end()) throw left_half_done(r);
    const script::script& script = scripts_.of(r.revision);
    if (script.head.transactional || !why_not_run(*step, script).empty()) throw otherwise(r);
  }
}

/// The revision's row, made where this is its first attempt.
half_done runner::take_up(const step_run& s, progress& book) {
  if (auto known = book.row_of(s.info.revision, s.info.way)) return *std::move(known);
  half_done fresh;
  fresh.revision = s.info.revision;
  fresh.way = s.info.way;
  fresh.began = s.context.began;
  db::transaction own(*on_, options_.rehearses);
  if (!s.repeats()) store_->create();
  book.create();
  book.begin(fresh);
  forget_rejects(fresh);
  own.commit();
  store_->created();
  return fresh;
}

/// What an earlier run of it left out would be given to the function twice: its rows are gone
/// through anew, or taken back.
void runner::forget_rejects(const half_done& of) {
  const std::int64_t rows = rejects(*on_, store_->where()).drop_of(of.revision);
  if (rows == 0) return;
  watching_.message(observer::level::info, "no longer in luamig_rejects: " + std::to_string(rows) +
                                               (rows == 1 ? " row" : " rows") +
                                               " that an earlier run of it left out");
}

void runner::run_durable(step_run& s) {
  if (dirty_) on_->reset_session();
  dirty_ = true;
  if (options_.rehearses && !whole_) whole_.emplace(*on_);
  if (store_->rows() != rows_) throw overtaken();
  begin_step(s);
  progress book(*on_, store_->where());
  rejects left_out(*on_, store_->where());
  const half_done of = take_up(s, book);
  if (store_->complete()) {
    db::transaction look(*on_, options_.rehearses);  // what it sets is for a transaction
    store_->remember();
    look.commit();
  }
  s.context.began = of.began;
  steps_done_ = static_cast<std::size_t>(of.finished);
  in_part_ = of.in_part;
  durable_sink sink(
      *on_, watching_, of.revision, book.entries(of.revision, of.way),
      {.within = options_.rehearses,
       .begun = [&] { name_session(s); },
       .before_commit =
           [&](std::int64_t rows) {
             require_committable();
             check_deferred();
             if (store_->complete()) {
               store_->guard_books();
               store_->verify(rows_);
             }
             book.verify(of.revision, of.way, rows);
           },
       .alone =
           [&](const progress_entry& entry, std::int64_t position) {
             db::transaction own(*on_, options_.rehearses);
             book.add(of.revision, of.way, entry, position);
             own.commit();
           },
       .not_begun = [&](const progress_entry& entry) { forget(book, of, entry); },
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
           },
       .reject = [&](const rejected_row& row) { left_out.add(of.revision, of.way, row); },
       .control =
           [&] {
             require_committable();
             return book.control_of(of.revision, of.way);
           },
       .book = &book,
       .way = of.way,
       .stand_apart =
           options_.rehearses || meter_ ? std::function<void()>() : [&] { stand_apart(); },
       .require_direct = [&] { require_direct(); }});
  run_script(s, sink);
  sink.require_all_asked();
  s.counts = {sink.totals().statements, sink.totals().rows};
  db::transaction own(*on_, options_.rehearses);
  name_session(s);
  s.repeats() ? leave_books(s) : write_books(s);
  book.clear(of.revision, of.way);
  if (options_.rehearses) {
    own.commit();
  } else {
    commit(s, own);
  }
  steps_done_ = 0;
  in_part_ = false;
}

/// A process of a step that is done by several: what the run has in memory is as it was, and the
/// lock is the other process's affair, which ends this one.
void runner::stand_apart() {
  on_->open_anew(place(), how_);
  apart_ = true;
}

void runner::require_direct() {
  if (!on_->pooled()) return;
  throw error(errc::migration,
              "'workers' have sessions of their own, and a pooler stands before this server",
              "give the URL of the server itself, or leave 'workers' out");
}

void runner::take_back(std::string_view revision) {
  hold_lock(true);
  rows_ = store_->rows();
  progress book(*on_, store_->where());
  const half_done of = find(book, revision);
  const std::vector<progress_entry> done = book.entries(of.revision, of.way);
  require_reverses(done, of);
  if (of.way == graph::direction::upgrade &&
      std::find(rows_.begin(), rows_.end(), of.revision) != rows_.end()) {
    throw about(of, errc::integrity, ", and the version table says that it is applied",
                "say where the database is: luamig stamp --purge REVISION");
  }
  started_ = true;
  step_context context{nullptr, of.way, options_.where.shown, options_.tag, now_ms(),
                       {},      0,      store_->where()};
  steps_done_ = static_cast<std::size_t>(of.finished);
  for (auto entry = done.rbegin(); entry != done.rend(); ++entry) {
    if (!entry->is_step() && entry->kind != "part") continue;
    take_back_step(of, *entry, book, context);
    if (entry->is_step()) --steps_done_;
  }
  db::transaction own(*on_);
  book.clear(of.revision, of.way);
  forget_rejects(of);
  if (!of.is_script()) store_->record(aborted(of, context.began));
  own.commit();
  report_.applied.push_back(of.revision);
}

history_entry runner::aborted(const half_done& of, std::int64_t began) const {
  history_entry e;
  e.revision = of.revision;
  e.direction = graph::name(of.way);
  e.outcome = "aborted";
  e.began = iso_time(began);
  e.who = self_.user;
  e.host = self_.host;
  e.luamig = version;
  return e;
}

/// A step of its own, which takes the other one's row away.
void runner::take_back_step(const half_done& of, const progress_entry& entry, progress& book,
                            step_context& context) {
  const auto remove = [&](const progress_entry&, std::int64_t) {
    book.remove(of.revision, of.way, entry);
  };
  durable_sink sink(*on_, watching_, of.revision, {},
                    {.within = false,
                     .begun = [] {},
                     .before_commit = [&](std::int64_t) { require_committable(); },
                     .alone = {},
                     .not_begun = [](const progress_entry&) {},
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
