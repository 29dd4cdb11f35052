#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "engine/cancel.hpp"
#include "engine/effects.hpp"
#include "engine/environment.hpp"
#include "engine/observer.hpp"
#include "engine/plan_record.hpp"
#include "engine/rejects.hpp"
#include "engine/script_host.hpp"
#include "engine/version_store.hpp"
#include "graph/plan.hpp"
#include "script/script_directory.hpp"

namespace luamig::engine {

/// Where and how a run takes place.
struct run_options {
  db::url where;
  db::open_options how;
  books where_books;
  std::chrono::milliseconds lock_wait{60'000};
  bool single_transaction = false;         ///< all steps or none
  bool rehearses = false;                  ///< a dry run: everything is executed, and rolled back
  bool on_copy = false;                    ///< the database is a copy, and nothing of the run stays
  bool measures = false;                   ///< what each revision does is measured and told
  std::chrono::milliseconds max_block{0};  ///< how long a rehearsal on PostgreSQL may keep anybody
                                           ///< waiting; 0: as long as it takes
  /// Asked under the lock, before the first step, and again when the plan had to be made anew; what
  /// it throws ends the run.
  std::function<void(const graph::plan&, db::connection&, const books&)> approve;
  /// `--sql`: the operations of each revision are noted here; may be none.
  plan_record* record = nullptr;
  /// With `measures`: asked before a revision is committed; what it throws undoes the revision.
  std::function<void(const revision_effects&)> judge;
  std::string tag;
  environment here;
  cancel* stop = nullptr;  ///< asked to end the run; may be none
};

/// What a run did, also when it ended with an error.
struct run_report {
  std::vector<std::string> applied;   ///< in order: applied or reverted revisions
  std::size_t reverted = 0;           ///< how many of them, the first ones, were taken back
  std::vector<std::string> repeated;  ///< files of repeatable/ that were run after them
  std::string failed;                 ///< the revision that failed; "" for none
  std::vector<std::string> pending;   ///< what was planned and not done
  std::vector<std::string> heads;     ///< the version table's rows at the end
  std::vector<std::string> warnings;
  std::vector<std::string> would_be;      ///< a dry run's: what they would be
  std::vector<revision_effects> effects;  ///< where they were measured
  double seconds = 0;
  std::optional<error> failure;  ///< what ended it, with state_after
};

/// Takes a database from one revision to another, one transaction a revision. After any fault the
/// cure is the same command again. `scripts` and `host` and `watching` must outlive the call.
///
/// Nothing to do takes no lock and writes nothing. Errors that end a run come back in the report;
/// only what happens before the first step (a bad target, no connection, a bad file) is thrown.
[[nodiscard]] run_report run(const run_options& options, const script::script_directory& scripts,
                             script_host& host, observer& watching, graph::direction way,
                             std::string_view target);

/// Down and up again under one lock: `redo`, `reset`. The second target is resolved after the first
/// pass has ended well; an empty one is where the database was.
[[nodiscard]] run_report run_both(const run_options& options,
                                  const script::script_directory& scripts, script_host& host,
                                  observer& watching, std::string_view down_target,
                                  std::string_view up_target);

/// A file that is no migration as the script host takes one: Lua's text is the body of upgrade(),
/// its lines where they were; SQL runs whole. `shown` is its name in messages. Throws
/// error{errc::script} for one that is a migration.
/// `durable`: its header says that it is not transactional.
[[nodiscard]] script::script read_loose_file(const std::filesystem::path& path,
                                             const std::string& shown, bool durable);

/// Runs such a file in one transaction, or where its header is not transactional step by step, as a
/// durable revision of its name; under the migration lock, and the version table stays as it is. As
/// `run`; `applied` is its name.
[[nodiscard]] run_report run_loose(const run_options& options,
                                   const script::script_directory& scripts, script_host& host,
                                   observer& watching, const script::script& file);

/// Throws error{errc::script} for a header that this version cannot run, error{errc::refused} for a
/// downgrade of a revision that is irreversible by header. `state` is its state_after.
void require_runnable(const script::script& script, graph::direction way, std::string_view state);

/// Takes back the steps of a durable revision that is half done, the last one first, and says so in
/// the history. Throws error{errc::refused} where it is not half done, and naming the step where
/// one has nothing that undoes it; then nothing is changed.
[[nodiscard]] run_report abort(const run_options& options, const script::script_directory& scripts,
                               script_host& host, observer& watching, std::string_view revision);

/// What became of a rejected row that was tried again.
struct retried_row {
  /// passed: its backfill's `where` no longer finds it; gone: there is no such row any more.
  enum class outcome { mended, passed, failed, gone };
  rejected_row row;  ///< `error`, of one that failed: of this time
  outcome what = outcome::mended;
};

struct retry_report {
  std::vector<retried_row> rows;
  std::vector<std::string>
      changed;  ///< "c0ffee123456, backfill users": its function, or what else
                ///< it asks for, is not what it was when the rows were rejected

  /// Of the rows, how many had this outcome, and how many are still in luamig_rejects.
  [[nodiscard]] std::size_t count(retried_row::outcome what) const;
  [[nodiscard]] std::size_t remaining() const;
};
[[nodiscard]] std::string_view name(retried_row::outcome what) noexcept;

/// Tries rejected rows again, of a revision or ("") of all: upgrade() (or downgrade()) is gone
/// through without its steps, up to the backfills that have left them out. Each row is a
/// transaction of its own, in which it also leaves luamig_rejects, or stays there with its new
/// error. Throws error{errc::refused} where a revision has none, is half done or is not applied,
/// and where the script no longer asks for the backfill; and what stops it, with state_after.
[[nodiscard]] retry_report retry_rejects(const run_options& options,
                                         const script::script_directory& scripts, script_host& host,
                                         observer& watching, std::string_view revision);

/// Sets the version table's rows without running anything. Throws error{errc::refused} while a
/// durable revision is half done, unless it is to `purge`, which forgets its steps too.
[[nodiscard]] run_report stamp(const run_options& options, const script::script_directory& scripts,
                               observer& watching, const std::vector<std::string>& targets,
                               bool purge);

/// The same as SQL text, from the rows that the database holds. Returns what the text does.
[[nodiscard]] graph::plan write_stamp(const run_options& options,
                                      const script::script_directory& scripts,
                                      const std::vector<std::string>& rows,
                                      const std::vector<std::string>& targets, bool purge,
                                      std::ostream& out);

/// Writes the run as SQL text to `out`, BEGIN and COMMIT and version edits included. `target` may
/// be a range "a:b"; else it starts at the rows that `database` holds (none: base).
[[nodiscard]] run_report write_sql(const run_options& options,
                                   const script::script_directory& scripts, script_host& host,
                                   observer& watching, graph::direction way,
                                   std::string_view target, db::connection* database,
                                   std::ostream& out);

/// Makes the version table (`ensure-version`). Returns whether it was missing.
bool ensure_version(const run_options& options);

}  // namespace luamig::engine
