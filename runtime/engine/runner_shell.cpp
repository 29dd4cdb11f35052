// Entries by hand: transactions that begin with what is asked for, and end when somebody says so.
#include <array>
#include <utility>

#include "engine/entry_sink.hpp"
#include "engine/live_sink.hpp"
#include "engine/measuring_sink.hpp"
#include "engine/runner.hpp"
#include "engine/shell.hpp"

namespace luamig::engine {
namespace {

constexpr std::string_view savepoint = "SAVEPOINT luamig_entry";
constexpr std::string_view undo = "ROLLBACK TO SAVEPOINT luamig_entry";
constexpr std::string_view release = "RELEASE SAVEPOINT luamig_entry";
constexpr std::string_view has_written_sql =
    "SELECT pg_catalog.txid_current_if_assigned() IS NOT NULL";

bool is_lost(const error& e) {
  return e.code == errc::connection || e.code == errc::in_doubt || e.kind == "connection_lost";
}

}  // namespace

/// What an entry asks for comes first: the transaction, or a savepoint of the one that is open.
void runner::open_for_entry() {
  by_hand& hand = *by_hand_;
  if (!whole_) {
    whole_.emplace(*on_);
    if (on_postgresql()) {
      on_->enqueue("SELECT pg_catalog.set_config('application_name', $1, true)",
                   std::array{value(running_name(self_, hand.file.name))});
      note_books();
    } else {
      hold_lock(false);
      rows_ = store_->rows();
    }
    if (meter_) meter_->begin(hand.file.name, "", graph::direction::repeat);
  } else if (hand.held && !hand.saved) {
    hand.saved = true;
    on_->enqueue(savepoint);
    if (meter_) meter_->enter();
  }
}

/// What the books are before an entry: a function that a query calls may change them.
void runner::note_books() {
  store_->look_again();
  rows_ = store_->rows();
  if (store_->complete()) store_->remember();
}

bool runner::has_written() const { return db::scalar(*on_, has_written_sql) == value(true); }

/// From the first change on nobody else may migrate.
void runner::lock_for_change() {
  by_hand& hand = *by_hand_;
  if (std::exchange(hand.changed, true) || !on_postgresql()) return;
  hand.changed = false;  // should it not be had
  hold_lock(false);
  hand.changed = true;
  if (!has_written()) note_books();  // others may have migrated since it began
  watch_blocking();
}

std::optional<std::string> runner::enter(const shell_entry& entry) {
  if (!by_hand_) begin_by_hand();
  by_hand& hand = *by_hand_;
  if (std::exchange(hand.lost, false)) connect();
  hand.saved = false;
  hand.held = hand.changed;
  interruptible_.on(on_.get());
  const struct nothing_to_stop {
    watch& of;
    ~nothing_to_stop() { of.off(); }
  } at_end{interruptible_};
  live_sink live(*on_, watching_);
  std::optional<measuring_sink> measured;
  if (meter_) measured.emplace(live, *meter_, options_.rehearses, !options_.rehearses);
  entry_sink sink(measured ? static_cast<engine::sink&>(*measured) : live,
                  {[this] { open_for_entry(); }, [this] { lock_for_change(); }});
  std::optional<std::string> shown;
  try {
    session door(sink);
    shown = host_.enter(hand.context, door, entry);
    door.require_whole();
    for (file::output& written : door.take_files()) files_.push_back(std::move(written));
    keep_entry();
  } catch (error& e) {
    undo_entry(e);
    throw;
  }
  return shown;
}

void runner::begin_by_hand() {
  by_hand_.emplace();
  by_hand& hand = *by_hand_;
  hand.file.name = "shell";
  hand.file.head.revision = "shell";
  hand.file.head.has_upgrade = true;
  hand.file.text = "function upgrade() end";
  hand.context = {
      &hand.file, graph::direction::repeat, options_.where.shown, options_.tag, now_ms(), {},
      0,          store_->where()};
  host_.load(hand.file, graph::direction::upgrade);
  hand.began = std::chrono::steady_clock::now();
}

/// An entry that has only looked leaves nothing behind, no lock either.
void runner::keep_entry() {
  by_hand& hand = *by_hand_;
  if (!whole_) return;
  on_->act_as(db::authority::host);
  on_->flush();
  if (on_->state() != db::transaction_state::open) {
    throw error(errc::migration, "the database ended the transaction",
                "a statement with ON CONFLICT ROLLBACK or RAISE(ROLLBACK) does that");
  }
  if (hand.saved) {
    on_->enqueue(release);
    if (meter_) meter_->kept();
  }
  if (!hand.changed && on_postgresql() && has_written()) {
    lock_for_change();  // a function that it called
  }
  if (!hand.changed && !options_.rehearses) forget_transaction();
}

void runner::undo_entry(error& e) {
  by_hand& hand = *by_hand_;
  if (options_.stop != nullptr && options_.stop->requested() != 0 && e.kind == "interrupted") {
    e.code = errc::interrupted;
  }
  const bool stays = hand.held && whole_ && !is_lost(e) && go_back_to_savepoint();
  if (stays) {
    e.state_after = "this entry is undone; what came before it is there, and not committed yet";
  } else {
    const bool had = std::exchange(hand.changed, false) && hand.held;
    hand.lost = is_lost(e) || !on_->alive();
    const bool in_the_way = was_in_the_way(e);
    forget_transaction();
    e.state_after = options_.rehearses ? "nothing was changed: dry run"
                    : had              ? "everything since the last \\commit is rolled back"
                                       : "nothing was changed";
    if (hand.lost && !in_the_way) e.hint = "the next entry connects again";
  }
  if (!hand.lost) ask_advice(e);
}

/// False: the whole transaction is gone.
bool runner::go_back_to_savepoint() noexcept {
  if (!by_hand_->saved) return on_->state() == db::transaction_state::open;
  try {
    const auto state = on_->state();
    const bool there = on_postgresql() ? state != db::transaction_state::idle
                                       : state == db::transaction_state::open;
    if (!there) return false;
    on_->act_as(db::authority::host);
    on_->execute(undo);
    on_->execute(release);
    if (meter_) {
      meter_->undone();
      meter_->kept();
    }
    return true;
  } catch (const error&) {
    return false;
  }
}

void runner::forget_transaction() {
  if (meter_ && meter_->running()) (void)meter_->finish(true);
  whole_.reset();
  files_.clear();
  by_hand_->changed = false;
  watched_.reset();
  if (lock_) lock_->release();
  lock_.reset();
}

void runner::verify_books() {
  if (!store_->complete()) return;
  store_->guard_books();
  store_->verify(rows_);
}

void runner::commit_entries() {
  if (!has_changes()) return;
  if (options_.rehearses) {
    throw error(errc::refused, "a dry run commits nothing", "\\quit says what it did");
  }
  try {
    require_committable();
    store_->check_deferred();
    verify_books();
    on_->flush();
    whole_->commit();
  } catch (error& e) {
    by_hand_->lost = is_lost(e);
    forget_transaction();
    say_commit_failed(e);
    throw;
  }
  std::vector<file::output> written = std::exchange(files_, {});
  forget_transaction();
  publish(std::move(written));
}

void runner::say_commit_failed(error& e) {
  if (store_->concerns(e)) explain_books(e);
  explain_deferred(e);
  if (e.code == errc::sql) e.code = errc::migration;
  e.state_after = by_hand_->lost
                      ? "the connection was lost in COMMIT: look whether it has been committed"
                      : "everything since the last \\commit is rolled back";
}

void runner::undo_entries() {
  if (by_hand_) forget_transaction();
}

void runner::end_entries() {
  if (!by_hand_) return;
  if (!options_.rehearses || !whole_) return undo_entries();
  try {
    check_deferred();
    if (by_hand_->changed) verify_books();
    on_->flush();
    effects_ = meter_->finish(false);
    effects_->seconds = by_hand_->seconds();
    tell_effects();
    end_rehearsal();
  } catch (error& e) {
    const bool in_the_way = was_in_the_way(e);
    forget_transaction();
    if (!in_the_way && store_->concerns(e)) explain_books(e);
    e.state_after = "nothing was changed: dry run";
    throw;
  }
  forget_transaction();
}

shell::shell(const run_options& options, const script::script_directory& scripts, script_host& host,
             observer& watching)
    : run_(std::make_unique<runner>(options, scripts, host, watching)) {}

shell::~shell() = default;

std::optional<std::string> shell::enter(const shell_entry& entry) { return run_->enter(entry); }

bool shell::has_changes() const noexcept { return run_->has_changes(); }

void shell::commit() { run_->commit_entries(); }

void shell::rollback() { run_->undo_entries(); }

void shell::end() { run_->end_entries(); }

}  // namespace luamig::engine
