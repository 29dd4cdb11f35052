#include "engine/durable_sink.hpp"

#include <utility>

#include "db/value_text.hpp"
#include "engine/record.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

/// A step for every row is a loop that wants to be one step: its journal alone would be the work.
constexpr std::size_t most_steps = 1000;

constexpr std::string_view step = "step";
constexpr std::string_view reading = "read";
constexpr std::string_view failure = "failure";
constexpr std::string_view begun = "begun";
constexpr std::string_view part_of_step = "part";

[[noreturn]] void refuse_more_steps() {
  throw error(errc::migration,
              "this revision has more than " + std::to_string(most_steps) +
                  " steps, each with a transaction of its own",
              "put the loop into op.step(\"name\", function() … end), which is one step, or use "
              "op.backfill");
}

error left_out(const progress_entry& entry, const std::string& revision) {
  error e(errc::integrity,
          "the step '" + entry.label + "' of revision '" + revision +
              "' is done, and the file no longer asks for it here",
          "put it back as it was: steps that are done stay as they are, those after them may "
          "change; or take the revision back: luamig abort " +
              revision);
  e.kind = "step_left_out";
  return e;
}

error left_half_done(const std::string& label, const std::string& revision) {
  error e(errc::integrity,
          "the step '" + label + "' of revision '" + revision +
              "' is half done, and the file no longer asks for it as it was",
          "put it back as it was, its function too: the rows that are done stay as they are");
  e.kind = "step_left_out";
  return e;
}

}  // namespace

durable_sink::durable_sink(db::connection& on, observer& watching, std::string revision,
                           std::vector<progress_entry> done, hooks around)
    : on_(on),
      live_(on, watching),
      revision_(std::move(revision)),
      around_(std::move(around)),
      position_(static_cast<std::int64_t>(done.size())) {
  for (progress_entry& e : done) {
    if (e.kind == begun) {
      begun_.emplace(e.key, e.occurrence);
    } else if (e.kind == part_of_step) {
      parts_.emplace(place{e.key, e.occurrence},
                     part_done{e.record, e.label, {e.statements, e.rows}});
    } else {
      done_.push_back(std::move(e));
    }
  }
  asked_.resize(done_.size());
  for (const progress_entry& e : done_) {
    index_.emplace(place{e.key, e.occurrence}, index_.size());
    if (e.kind == step) ++finished_;
    totals_.statements += e.statements;
    totals_.rows += e.rows;
  }
}

std::optional<std::string> durable_sink::recall(const step_key& key) {
  now_ = {};
  now_.kind = key.reads ? reading : step;
  now_.label = key.label;
  now_.key = db::to_hex(script::sha256(key.label + '\0' + key.asked));
  now_.occurrence = ++occurrences_[now_.key];
  begun_before_ = begun_.contains({now_.key, now_.occurrence});
  const auto found = index_.find({now_.key, now_.occurrence});
  if (found == index_.end()) {
    if (!std::exchange(goes_on_, true)) {
      require_all_asked();
      require_part_asked();
    }
    const auto half = parts_.find({now_.key, now_.occurrence});
    counts_before_ = half == parts_.end() ? step_counts{} : half->second.counts;
    return std::nullopt;
  }
  const progress_entry& then = done_[found->second];
  asked_[found->second] = true;
  if (then.kind == failure) throw record_reader(then.record).failure();
  return then.record;
}

void durable_sink::begin() {
  if (static_cast<std::size_t>(position_) >= most_steps) refuse_more_steps();
}

void durable_sink::require_all_asked() const {
  for (std::size_t i = 0; i < done_.size(); ++i) {
    if (done_[i].kind == step && !asked_[i]) throw left_out(done_[i], revision_);
  }
}

/// One that failed, and whose error was caught, is no more half done than that.
void durable_sink::require_part_asked() const {
  for (const auto& [of, done] : parts_) {
    if (of != place{now_.key, now_.occurrence} && !index_.contains(of)) {
      throw left_half_done(done.label, revision_);
    }
  }
}

std::optional<std::string> durable_sink::part() const {
  const auto half = parts_.find({now_.key, now_.occurrence});
  if (half == parts_.end()) return std::nullopt;
  return half->second.record;
}

void durable_sink::keep_part(std::string_view record, const step_counts& counts) {
  open_transaction();
  keep_now(part_of_step, record, counts);
  commit();
  failures_.clear();
  parts_[{now_.key, now_.occurrence}] = {now_.record, now_.label, {now_.statements, now_.rows}};
  around_.kept(finished_, true);
}

/// Adds the step under way to the book, or puts it in the place of its part there.
void durable_sink::keep_now(std::string_view kind, std::string_view record,
                            const step_counts& counts) {
  for (const progress_entry& e : failures_) around_.keep(e, ++position_);
  now_.record = record;
  now_.statements = counts_before_.statements + counts.statements;
  now_.rows = counts_before_.rows + counts.rows;
  progress_entry entry = now_;
  entry.kind = kind;
  if (const auto before = part()) {
    around_.replace_part(entry, *before);
  } else {
    around_.keep(entry, ++position_);
  }
}

void durable_sink::open_transaction() {
  if (transaction_) return;
  transaction_.emplace(on_);
  around_.begun();
  for (const statement& s : settings_) on_.enqueue(s.sql, s.values);
}

void durable_sink::finish(std::string_view record, std::string_view reverse,
                          const step_counts& counts) {
  open_transaction();
  now_.reverse = reverse;
  keep_now(now_.kind, record, counts);
  commit();
  failures_.clear();
  parts_.erase({now_.key, now_.occurrence});
  if (now_.kind == step) ++finished_;
  totals_.statements += now_.statements;
  totals_.rows += now_.rows;
  around_.kept(finished_, !parts_.empty());
}

void durable_sink::commit() {
  around_.before_commit();
  transaction_->commit();
  transaction_.reset();
}

void durable_sink::undo(const error* why) noexcept {
  transaction_.reset();
  if (why == nullptr) return;
  record_writer record;
  record.put(*why);
  now_.kind = failure;
  now_.record = record.bytes();
  failures_.push_back(std::move(now_));
}

/// What says of itself that it cannot run in a transaction is sent without one.
std::int64_t durable_sink::execute(const statement& s) {
  if (s.setting) return keep_setting(s);
  if (s.alone) {
    note_alone();
  } else {
    open_transaction();
  }
  return live_.execute(s);
}

void durable_sink::note_alone() {
  if (!around_.alone || !begun_.emplace(now_.key, now_.occurrence).second) return;
  progress_entry entry = now_;
  entry.kind = begun;
  around_.alone(entry, ++position_);
}

std::int64_t durable_sink::keep_setting(const statement& s) {
  const bool by_itself = !transaction_;
  open_transaction();
  const std::int64_t answer = live_.execute(s);
  settings_.push_back(s);
  if (by_itself) commit();
  return answer;
}

std::int64_t durable_sink::execute_each(const statement& s, std::span<const value> all,
                                        std::size_t width) {
  open_transaction();
  return live_.execute_each(s, all, width);
}

db::cursor durable_sink::open(const statement& s, bool streaming) {
  open_transaction();
  return live_.open(s, streaming);
}

void durable_sink::host(const std::string& sql) {
  open_transaction();
  live_.host(sql);
}

void durable_sink::rewrite(const statement& s, const db::stored_text& as) {
  open_transaction();
  live_.rewrite(s, as);
}

void durable_sink::rebuild(bool begins) {
  if (begins) open_transaction();
  live_.rebuild(begins);
}

}  // namespace luamig::engine
