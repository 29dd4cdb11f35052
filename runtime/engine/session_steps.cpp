// The steps of a durable revision, as the session sees them.
#include "base/text.hpp"
#include "db/mask.hpp"
#include "db/script_text.hpp"
#include "engine/record.hpp"
#include "engine/script_clock.hpp"
#include "engine/session.hpp"
#include "engine/text_checks.hpp"

namespace luamig::engine {
namespace {

/// All that a statement asks for, in one spelling.
std::string asked_by(const statement& s, db::engine kind) {
  std::string text = s.sql;
  for (const value& v : s.values) text += '\0' + db::literal(v, kind);
  return text;
}

/// Undoes the step that is under way, unless it has come to its end.
class step_guard {
 public:
  explicit step_guard(session& of) : of_(of) {}
  ~step_guard() { of_.undo_step(); }
  step_guard(const step_guard&) = delete;
  step_guard& operator=(const step_guard&) = delete;

 private:
  session& of_;
};

/// What a durable revision keeps of a step is in the database, in plain text.
void refuse_secrets(std::string_view record, std::string_view reverse) {
  if (db::holds_hidden(record))
    throw error(errc::migration,
                "a step of a durable revision gives back a secret, which would be kept",
                "ask for it again behind the step: secret(\"NAME\")");
  if (db::holds_hidden(reverse))
    throw error(errc::migration, "what undoes this step holds a secret, which would be kept",
                "leave out the option that says what was there before, as existing_server_default");
}

constexpr std::size_t longest_label = 60;

/// What a durable revision keeps of one read.
constexpr std::size_t most_of_a_read = 64 * 1024;  // bytes

[[noreturn]] void refuse_long_read() {
  throw error(errc::migration,
              "this query gives more than 64 KB, more than a durable revision keeps of a read",
              "read it inside op.step(\"name\", function() … end), or by op.backfill");
}

/// The step is done and committed, whatever becomes of its file.
void publish(file::output& written) {
  const std::string reason = written.publish();
  if (reason.empty()) return;
  throw error(errc::migration, reason,
              "the step that wrote it is done: put it in its place by hand, and run the same "
              "command again");
}

}  // namespace

/// What cannot run in a transaction runs in a durable revision, where a step begins with it.
void session::require_place(const statement& s, const db::statement_facts& facts) const {
  if (!facts.needs_autocommit || !facts.refusal.empty()) return;
  const step_keeper* const keeper = sink_.steps();
  const bool in_savepoint = !levels_.empty();
  if (keeper != nullptr && keeper->may_run_alone() && !in_savepoint) return;
  error e(errc::migration, "this statement works outside a transaction only",
          keeper == nullptr
              ? "say transactional = false in the header: the revision is then committed step by "
                "step, and this statement runs by itself; or use what has a form for transactions, "
                "as CREATE INDEX without CONCURRENTLY"
              : "move it out of op.step, db:transaction and pcall");
  e.sql = s.sql;
  e.file = s.file;
  e.line = s.line;
  throw e;
}

/// What is set inside a step must end with it: when the revision goes on after a fault, a step that
/// is done is not run again.
void session::require_passing(const statement& s, const db::statement_facts& facts) const {
  if (!facts.refusal.empty() || db::sets_locally(s.sql, kind())) return;
  refuse(s, "this sets something for the session, and stands in a step of a durable revision",
         "op.setting(name, value) outside op.step holds for the whole revision; SET LOCAL for the "
         "step");
}

std::optional<std::string> session::begin_step(const step_key& key) {
  const counted_call counted(clock_);
  require_whole();
  settle_rows();
  step_keeper& keeper = *sink_.steps();
  step_key named = key;
  named.label = text::shorten(db::mask(key.label), longest_label);
  if (auto done = keeper.recall(named)) return done;
  keeper.begin();
  step_ = {levels_.size(), counters_, counters_};
  return std::nullopt;
}

step_counts session::counts_of_step() const noexcept {
  return {counters_.statements - step_->before.statements, counters_.rows - step_->before.rows};
}

/// Before a commit: all of the part has come to its end.
void session::settle_part() {
  require_whole();
  settle_rows();
  settle_unread();
  for (rows* open : std::vector<rows*>(open_)) open->drain();
}

void session::keep_part(std::string_view record, std::string_view reverse) {
  const counted_call counted(clock_);
  refuse_secrets(record, reverse);
  settle_part();
  sink_.steps()->keep_part(record, reverse, counts_of_step());
  step_->kept = counters_;
}

void session::keep_ranges(std::string_view record, std::string_view reverse,
                          const std::vector<std::string>& ranges) {
  const counted_call counted(clock_);
  refuse_secrets(record, reverse);
  for (const std::string& range : ranges) refuse_secrets(range, {});
  settle_part();
  sink_.steps()->keep_ranges(record, reverse, counts_of_step(), ranges);
  step_->kept = counters_;
}

std::optional<std::string> session::range_of_step(std::size_t number) {
  const counted_call counted(clock_);
  require_whole();
  return sink_.steps()->range(number);
}

/// What a range has counted is kept with it, and is none of the step's own.
void session::keep_range(std::size_t number, std::string_view record) {
  const counted_call counted(clock_);
  refuse_secrets(record, {});
  settle_part();
  const step_counts since{counters_.statements - step_->kept.statements,
                          counters_.rows - step_->kept.rows};
  sink_.steps()->keep_range(number, record, since);
  step_->before.statements += since.statements;
  step_->before.rows += since.rows;
  step_->kept = counters_;
}

std::string session::why_not_apart() {
  const counted_call counted(clock_);
  return sink_.steps()->why_not_apart();
}

void session::stand_apart(observer& watching) {
  apart_ = true;
  sink_.steps()->stand_apart(watching);
}

void session::undo_part() noexcept {
  if (!step_) return;
  const counted_call counted(clock_);
  forget_unread();
  for (rows* open : std::vector<rows*>(open_)) open->savepoint_undone(0);
  levels_.resize(step_->depth);
  sink_.steps()->undo_part();
  counters_ = step_->kept;
  failed_at_.reset();
  cureless_.reset();
}

void session::reject(const rejected_row& row) {
  const counted_call counted(clock_);
  require_whole();
  sink_.steps()->reject(row);
}

void session::finish_step(std::string_view record, std::string_view reverse) {
  const step_guard unless_kept(*this);
  refuse_secrets(record, reverse);
  end_step(record, reverse);
}

/// What luamig itself keeps of it holds no more than the database.
void session::end_step(std::string_view record, std::string_view reverse) {
  const counted_call counted(clock_);
  const step_guard unless_kept(*this);
  settle_part();
  sink_.steps()->finish(record, reverse, counts_of_step());
  step_.reset();
  for (file::output& written : take_files()) publish(written);
}

void session::undo_step() noexcept {
  if (!step_) return;
  const counted_call counted(clock_);
  forget_unread();
  abandon_rows(0);
  files_.clear();
  for (rows* open : std::vector<rows*>(open_)) open->savepoint_undone(0);
  levels_.resize(step_->depth);
  sink_.steps()->undo();
  step_.reset();
}

std::int64_t session::execute_step(const statement& s) {
  record_writer none;
  none.put(0);
  const auto done = begin_step({s.sql, asked_by(s, kind()), false, false, none.bytes()});
  if (done) return record_reader(*done).number();
  const step_guard guard(*this);
  const std::int64_t affected = execute(s);
  record_writer record;
  record.put(affected);
  end_step(record.bytes());
  return affected;
}

std::unique_ptr<rows> session::query_step(const statement& s) {
  const bool reads = sink_.reader().inspect(s.sql).kind == db::statement_kind::query;
  record_writer none;
  none.put(std::vector<db::column>{});
  const auto done = begin_step({s.sql, asked_by(s, kind()), reads, false, none.bytes()});
  if (done) return std::make_unique<rows>(*this, sink_.reader(), *done);
  const step_guard guard(*this);
  const std::string record = open_query(s, false)->take_record(most_of_a_read);
  if (record.empty()) refuse_long_read();
  end_step(record);
  return std::make_unique<rows>(*this, sink_.reader(), record);
}

/// The step is this session's: its book is in the database that it changes. Inside a step, what is
/// read counts as reaching the database: a pcall is kept with what came of it.
std::unique_ptr<row_source> session::read_beside(session& other, std::string_view name,
                                                 const statement& s, bool streaming) {
  if (step_) sink_.ready(s);
  if (!takes_steps()) return other.open_query(s, streaming);
  const std::string which(name);
  const auto done =
      begin_step({which + ": " + s.sql, which + '\0' + asked_by(s, other.kind()), true});
  if (done) return std::make_unique<rows>(other, other.sink_.reader(), *done);
  const step_guard guard(*this);
  const std::string record = other.open_query(s, true)->take_record(most_of_a_read);
  if (record.empty()) refuse_long_read();
  end_step(record);
  return std::make_unique<rows>(other, other.sink_.reader(), record);
}

}  // namespace luamig::engine
