#include "engine/durable_sink.hpp"

#include <tuple>
#include <utility>

#include "base/text.hpp"
#include "db/value_text.hpp"
#include "engine/book_shape.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

/// A step for every row is a loop that wants to be one step: its journal alone would be the work.
constexpr std::size_t most_steps = 1000;

constexpr std::string_view step = "step";
constexpr std::string_view reading = "read";
constexpr std::string_view block = "block";
constexpr std::string_view begun = "begun";
constexpr std::string_view part_of_step = "part";
constexpr std::string_view range_of_step = "range";

[[noreturn]] void refuse_more_steps() {
  throw error(errc::migration,
              "this revision has more than " + std::to_string(most_steps) +
                  " steps and reads, each with a transaction of its own",
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
  error e(
      errc::integrity,
      "the step '" + label + "' of revision '" + revision +
          "' is half done, and the file no longer asks for it as it was",
      "put it back as it was, its function too: the rows that are done stay as they are; "
      "max_rejects may change, and leaves out the rows that it fails for, which luamig rejects "
      "retry gives to a mended function; or take the revision back, where it keeps what the rows "
      "were (undo = true): luamig abort " +
          revision);
  e.kind = "step_left_out";
  return e;
}

}  // namespace

durable_sink::durable_sink(db::connection& on, observer& watching, std::string revision,
                           std::vector<progress_entry> done, hooks around)
    : on_(on),
      watching_(watching),
      live_(on, watching),
      revision_(std::move(revision)),
      around_(std::move(around)),
      rows_(static_cast<std::int64_t>(done.size())) {
  for (progress_entry& e : done) {
    if (e.kind == range_of_step) continue;
    ++position_;
    if (e.kind == begun) {
      begun_.emplace(e.key, e.occurrence);
    } else if (e.kind == part_of_step) {
      parts_.emplace(place{e.key, e.occurrence},
                     part_done{e.record, e.label, {e.statements, e.rows}});
    } else {
      done_.push_back(std::move(e));
    }
  }
  committed_ = {position_, rows_};
  asked_.resize(done_.size());
  for (const progress_entry& e : done_) {
    index_.emplace(place{e.key, e.occurrence}, index_.size());
    if (e.is_step()) ++finished_;
    if (e.kind != block) ++automatic_;
    totals_.statements += e.statements;
    totals_.rows += e.rows;
  }
}

std::optional<std::string> durable_sink::recall(const step_key& key) {
  now_ = {};
  now_.kind = key.block ? block : key.reads ? reading : step;
  now_.label = key.label;
  now_.key = db::to_hex(script::sha256(key.label + '\0' + key.asked));
  now_.occurrence = ++occurrences_[now_.key];
  if (now_.is_step()) ++numbers_[now_.label];
  ranges_.clear();
  begun_before_ = begun_.contains({now_.key, now_.occurrence});
  if (around_.instead) {
    if (auto record = around_.instead(now_, key.nothing)) return record;
  }
  const auto found = index_.find({now_.key, now_.occurrence});
  if (found == index_.end()) {
    if (!goes_on_) require_all_asked();
    goes_on_ = true;
    const auto half = parts_.find({now_.key, now_.occurrence});
    counts_before_ = half == parts_.end() ? step_counts{} : half->second.counts;
    return std::nullopt;
  }
  asked_[found->second] = true;
  return done_[found->second].record;
}

void durable_sink::begin() {
  if (now_.kind != block && automatic_ >= most_steps) refuse_more_steps();
  touched_ = false;
}

void durable_sink::require_all_asked() const {
  for (std::size_t i = 0; i < done_.size(); ++i) {
    if (done_[i].is_step() && !asked_[i]) throw left_out(done_[i], revision_);
  }
  if (!goes_on_) require_part_asked();
}

/// One that failed, and whose error was caught, is no more half done than that.
void durable_sink::require_part_asked() const {
  for (const auto& [of, done] : parts_) {
    if (of != place{now_.key, now_.occurrence} && !index_.contains(of)) {
      throw left_half_done(done.label, revision_);
    }
  }
}

/// Adds the step under way to the book, or puts it in the place of its part there.
void durable_sink::keep_now(std::string_view kind, std::string_view record,
                            const step_counts& counts) {
  now_.record = record;
  now_.statements = counts_before_.statements + counts.statements;
  now_.rows = counts_before_.rows + counts.rows;
  progress_entry entry = now_;
  entry.kind = kind;
  if (const auto before = part()) {
    around_.replace_part(entry, *before);
  } else {
    around_.keep(entry, ++position_);
    ++rows_;
  }
}

void durable_sink::open_transaction() {
  touched_ = true;
  if (transaction_) return;
  transaction_.emplace(on_, around_.within);
  around_.begun();
  for (const statement& s : settings_) on_.enqueue(s.sql, s.values);
}

void durable_sink::finish(std::string_view record, std::string_view reverse,
                          const step_counts& counts) {
  open_transaction();
  now_.reverse = reverse;
  keep_now(now_.kind, record, counts);
  commit();
  parts_.erase({now_.key, now_.occurrence});
  if (now_.is_step()) ++finished_;
  if (now_.kind != block) ++automatic_;
  totals_.statements += now_.statements;
  totals_.rows += now_.rows;
  around_.kept(finished_, !parts_.empty());
}

/// The script is told that its books have moved by the kind of the error, whatever says it.
void durable_sink::commit() {
  try {
    around_.before_commit(rows_);
    transaction_->commit();
  } catch (error& e) {
    if (version_store::says_books_moved(e)) e.kind = moved_kind;
    if (says_shape_moved(e)) e.kind = shape_kind;
    throw;
  }
  transaction_.reset();
  committed_ = {position_, rows_};
}

/// Also where it was the COMMIT that failed, after the step had been counted.
void durable_sink::undo_part() noexcept {
  transaction_.reset();
  std::tie(position_, rows_) = committed_;
}

std::string durable_sink::control() { return around_.control ? around_.control() : std::string(); }

void durable_sink::reject(const rejected_row& row) {
  open_transaction();
  rejected_row named = row;
  named.step = now_.label;
  named.step_key = now_.key;
  named.step_number = numbers_[now_.label];
  around_.reject(named);
}

/// A statement outside a transaction that the database refused has not begun.
void durable_sink::undo() noexcept {
  undo_part();
  if (!std::exchange(alone_, false)) return;
  progress_entry entry = now_;
  entry.kind = begun;
  around_.not_begun(entry);
  committed_.second = --rows_;
  begun_.erase({now_.key, now_.occurrence});
}

void durable_sink::ready(const statement& s) {
  if (s.alone) {
    touched_ = true;
    note_alone(s);
  } else {
    open_transaction();
  }
}

std::int64_t durable_sink::execute(const statement& s) {
  if (s.setting) return keep_setting(s);
  const std::int64_t answer = live_.execute(s);
  if (s.alone) alone_ = false;
  return answer;
}

/// Outside every step: its transaction ends with it.
std::int64_t durable_sink::keep_setting(const statement& s) {
  const std::int64_t answer = live_.execute(s);
  settings_.push_back(s);
  commit();
  return answer;
}

void durable_sink::note_alone(const statement& s) {
  if (begun_before_ && s.comment.empty()) {
    watching_.message(observer::level::warning,
                      "an earlier attempt began this statement and did not see its end; it runs "
                      "again: " +
                          text::shorten(s.sql, 80));
  }
  if (!around_.alone || !begun_.emplace(now_.key, now_.occurrence).second) return;
  progress_entry entry = now_;
  entry.kind = begun;
  around_.alone(entry, ++position_);
  ++rows_;
  committed_ = {position_, rows_};
  alone_ = true;
}

void durable_sink::execute_unread(const statement& s, const db::unread& answers) {
  open_transaction();
  live_.execute_unread(s, answers);
}

void durable_sink::execute_each(const statement& s, const db::row_block& rows,
                                const db::tally& affected) {
  open_transaction();
  live_.execute_each(s, rows, affected);
}

std::optional<std::int64_t> durable_sink::execute_with(const statement& s,
                                                       db::row_program& program) {
  open_transaction();
  return live_.execute_with(s, program);
}

db::cursor durable_sink::open(const statement& s, bool streaming) {
  return live_.open(s, streaming);
}

void durable_sink::host(const std::string& sql) {
  open_transaction();
  live_.host(sql);
}

void durable_sink::rewrite(const statement& s, const db::stored_text& as) { live_.rewrite(s, as); }

void durable_sink::rebuild(bool begins) {
  if (begins) open_transaction();
  live_.rebuild(begins);
}

}  // namespace luamig::engine
