#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "engine/block_watch.hpp"
#include "engine/identity.hpp"
#include "engine/lock.hpp"
#include "engine/meter.hpp"
#include "engine/migrator.hpp"
#include "engine/progress.hpp"

namespace luamig::engine {

/// Tells the cancel what it may interrupt, and takes it back in the end, however that comes.
class watch {
 public:
  watch(cancel* stop, script_host& host) : stop_(stop), host_(host) {}
  ~watch() {
    if (stop_ != nullptr) stop_->watch(nullptr, nullptr);
  }
  watch(const watch&) = delete;
  watch& operator=(const watch&) = delete;
  /// Null: there is no connection for the moment.
  void on(db::connection* connection) noexcept {
    if (stop_ != nullptr) stop_->watch(connection, &host_);
  }
  /// Nothing is under way: a signal is somebody else's affair.
  void off() noexcept {
    if (stop_ != nullptr) stop_->watch(nullptr, nullptr);
  }

 private:
  cancel* stop_;
  script_host& host_;
};

class retry_pass;

/// One run under way: connection, lock, books and what has been done so far. The migrator's inside.
class runner {
 public:
  runner(const run_options& options, const script::script_directory& scripts, script_host& host,
         observer& watching);
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;

  using planner = graph::plan (*)(const graph::revision_graph&, std::span<const std::string> rows,
                                  std::string_view target);

  /// Plans and runs all steps of one direction. Throws what ends it; `report` says how far it came.
  void pass(graph::direction way, planner plan, std::string_view target);
  /// As pass, up to rows that the version table held before.
  void pass_to(const std::vector<std::string>& rows);
  /// Undoes the steps of a durable revision that is half done.
  void take_back(std::string_view revision);
  /// Tries rejected rows again (migrator.hpp).
  [[nodiscard]] retry_report retry(std::string_view revision);
  /// Runs a file that is no revision, in one transaction; the books stay.
  void run_loose(const script::script& file);
  /// What a shell does (shell.hpp).
  [[nodiscard]] std::optional<std::string> enter(const shell_entry& entry);
  [[nodiscard]] bool has_changes() const noexcept { return by_hand_ && by_hand_->changed; }
  void commit_entries();
  void undo_entries();
  void end_entries();
  /// Commits a single transaction, if the run is one.
  void finish();

  /// What the version table held when the run began.
  [[nodiscard]] const std::vector<std::string>& rows_at_start() const noexcept {
    return rows_at_start_;
  }
  /// What has been done so far, and what has not. Ends the run.
  [[nodiscard]] run_report take_report();
  /// Says what state the database is in, where the error does not say it yet.
  void say_state(error& e);
  /// A step has begun: from here on errors belong into the report.
  [[nodiscard]] bool started() const noexcept { return started_; }

 private:
  /// One attempt at one step.
  struct step_run {
    const graph::step& step;
    const script::script& script;
    observer::step_info info;
    step_context context;
    std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
    session::counters counts{};
    std::vector<file::output> files{};  // that it has written
    bool begun = false;
    bool committing = false;

    /// Recorded alone: its script is not for this environment.
    [[nodiscard]] bool runs_not() const noexcept { return !info.skipped.empty(); }
    [[nodiscard]] bool repeats() const noexcept { return info.way == graph::direction::repeat; }
    [[nodiscard]] double seconds() const {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }
  };

  /// The entries of a shell.
  struct by_hand {
    script::script file;
    step_context context;
    std::chrono::steady_clock::time_point began{};
    bool changed = false;  // since the transaction began
    bool held = false;     // the same, when the entry under way began
    bool saved = false;    // it has a savepoint
    bool lost = false;     // the connection

    [[nodiscard]] double seconds() const {
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    }
  };

  void load_loose(const script::script& file);
  void run_loose_whole(step_run& s);
  void leave_books(const step_run& s);
  void begin_by_hand();
  void open_for_entry();
  void note_books();
  void lock_for_change();
  [[nodiscard]] bool has_written() const;
  void keep_entry();
  void verify_books();
  void undo_entry(error& e);
  [[nodiscard]] bool go_back_to_savepoint() noexcept;
  void forget_transaction();
  void say_commit_failed(error& e);
  void run_plan(graph::direction way, graph::plan plan, std::string_view target);
  void check_files(const graph::plan& plan, graph::direction way);
  void take_lock(graph::direction way);
  void plan_again(graph::direction way);
  void ask_approval();
  [[nodiscard]] step_run next_step() const;
  [[nodiscard]] std::string why_not_run(const graph::step& step,
                                        const script::script& script) const;
  bool attempt(step_run& s);
  void begin_step(step_run& s);
  void run_step(step_run& s);
  void run_script(step_run& s, sink& behind);
  void name_session(const step_run& s);
  void require_committable();
  void run_durable(step_run& s);
  void stand_apart();
  void require_direct();
  half_done take_up(const step_run& s, progress& book);
  void forget_rejects(const half_done& of);
  void require_continued(const graph::plan& plan);
  [[nodiscard]] history_entry aborted(const half_done& of, std::int64_t began) const;
  void forget(progress& book, const half_done& of, const progress_entry& entry) noexcept;
  void take_back_step(const half_done& of, const progress_entry& entry, progress& book,
                      step_context& context);
  void retry_revision(std::vector<rejected_row> due, retry_report& report);
  void go_through(step_run& s, retry_pass& pass, retry_report& report);
  [[nodiscard]] std::int64_t began_at(const rejected_row& of);
  void hold_lock(bool durable);
  void require_due(const step_run& s);
  void open_transaction(step_run& s, std::optional<db::transaction>& own);
  void write_books(step_run& s);
  void commit(step_run& s, db::transaction& own);
  /// All steps are in one transaction.
  [[nodiscard]] bool is_whole() const { return options_.single_transaction || options_.rehearses; }
  [[nodiscard]] bool on_postgresql() const { return options_.where.kind == db::engine::postgresql; }
  void connect();
  void step_done(step_run& s);
  void publish(std::vector<file::output> files);
  void tell_of_left_files();
  void tell_on_error(const step_run& s, const error& e);
  void give_up(step_run& s, error& e);
  void explain(const step_run& s, error& e);
  void explain_books(error& e);
  void explain_half_done(error& e) const;
  static void explain_deferred(error& e);
  void explain_state(error& e);
  [[nodiscard]] db::url place() const;
  void check_deferred();
  void check_as_commit();
  void watch_blocking();
  void keep_own_sequences();
  void keep_sequence(const std::string& table_name);
  void put_own_sequences_back() noexcept;
  [[nodiscard]] bool was_in_the_way(error& e);
  void measure(const step_run& s, bool failed);
  void tell_effects();
  void explain_rehearsal(error& e);
  void end_rehearsal();
  void ask_advice(error& e);
  [[nodiscard]] bool was_own_doing();
  [[nodiscard]] bool comes_again(error& e, const step_run& s);
  [[nodiscard]] bool survived(error& e, const std::string& revision,
                              const std::vector<std::string>& committed);
  void record_failure(const step_run& s, const error& e);
  [[nodiscard]] const std::string& last_done() const;
  [[nodiscard]] history_entry entry(const step_run& s, std::string_view outcome) const;

  const run_options& options_;
  const script::script_directory& scripts_;
  script_host& host_;
  observer& watching_;
  identity self_ = this_process();
  db::open_options how_;  // on_ was opened
  std::unique_ptr<db::connection> on_;
  watch interruptible_;
  std::optional<version_store> store_;
  std::optional<lock> lock_;
  std::optional<block_watch> watched_;         // of a rehearsal
  std::string put_back_;                       // after a rehearsal
  std::optional<meter> meter_;                 // where it is measured
  std::optional<revision_effects> effects_;    // of the step that has just ended
  std::optional<by_hand> by_hand_;             // of a shell
  std::optional<db::transaction> whole_;       // --single-transaction, a rehearsal, or a shell's
  std::vector<file::output> files_;            // of its steps
  std::set<std::string, std::less<>> loaded_;  // revisions whose files this pass has loaded
  graph::plan plan_;                           // of the pass under way
  std::size_t at_ = 0;                         // the step of it that is next
  std::set<std::string, std::less<>> empty_;   // revisions that were applied without being run
  std::vector<std::string> rows_;
  std::vector<std::string> rows_at_start_;
  run_report report_;
  std::size_t steps_done_ = 0;  // of the durable revision under way
  bool in_part_ = false;        // and a part of another one
  bool started_ = false;
  bool apart_ = false;  // this process stands beside that of the run
  bool dirty_ = false;  // a step has used this session
  std::optional<std::chrono::steady_clock::time_point> give_up_at_;  // the step is being retried
};

/// The error of a step that another runner has done meanwhile; nothing of it has run here.
[[nodiscard]] error overtaken();

/// The version table's rows as a person reads them: "base", or the ids.
[[nodiscard]] std::string describe(const std::vector<std::string>& rows);

}  // namespace luamig::engine
