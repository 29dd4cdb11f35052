#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "engine/live_sink.hpp"
#include "engine/progress.hpp"
#include "engine/step_keeper.hpp"

namespace luamig::engine {

/// What stands behind the door of a durable revision: a live database where each step is a
/// transaction of its own, begun by its first statement and committed with its row in
/// luamig_progress. Statements outside every step (looks at the catalogs) run by themselves.
class durable_sink final : public sink, public step_keeper {
 public:
  /// What the run does with each transaction of a step.
  struct hooks {
    bool within = false;          ///< they are savepoints of one that is open
    std::function<void()> begun;  ///< after BEGIN
    /// Throws what forbids it; `rows`: how many the steps have in the book.
    std::function<void(std::int64_t rows)> before_commit;
    /// Writes down, in a transaction of its own, that a statement outside every transaction is
    /// about to run; may be none.
    std::function<void(const progress_entry&, std::int64_t position)> alone;
    /// Takes that back, at best: the database has refused the statement. Throws nothing.
    std::function<void(const progress_entry&)> not_begun;
    std::function<void(const progress_entry&, std::int64_t position)> keep;  ///< in its transaction
    /// As keep, in the place of the part with this record; may be none.
    std::function<void(const progress_entry&, const std::string& before)> replace_part{};
    /// After COMMIT: how many steps are done, and whether a part of another one is.
    std::function<void(std::size_t, bool)> kept;
    /// Writes down a row that a step leaves out, in its transaction; may be none.
    std::function<void(const rejected_row&)> reject{};
    /// What somebody has asked of this run; may be none.
    std::function<std::string()> control{};
    /// The record of a step that is passed over; nothing: it is done. `none`: of one that has done
    /// nothing. May be none.
    std::function<std::optional<std::string>(const progress_entry&, const std::string& none)>
        instead{};
    /// Stands for `part`, of the step under way; may be none.
    std::function<std::optional<std::string>()> part{};
    /// The book itself, for the ranges of a step, and the direction of the revision; may be none.
    progress* book = nullptr;
    graph::direction way = graph::direction::upgrade;
    /// In a process that was forked: takes a connection of its own. None: no such process may be.
    std::function<void()> stand_apart{};
    /// Why none may be, where that is to be mended; may be none.
    std::function<void()> require_direct{};
  };

  /// `done`: the steps of earlier attempts at `revision`, in order. `on` outlives the sink.
  durable_sink(db::connection& on, observer& watching, std::string revision,
               std::vector<progress_entry> done, hooks around);

  [[nodiscard]] db::engine kind() const noexcept override { return live_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return false; }
  void ready(const statement& s) override;
  std::int64_t execute(const statement& s) override;
  void wrote(const statement& s, double seconds, std::int64_t rows) override {
    live_.wrote(s, seconds, rows);
  }
  void execute_each(const statement& s, const db::row_block& rows,
                    const db::tally& affected) override;
  void execute_unread(const statement& s, const db::unread& answers) override;
  [[nodiscard]] std::optional<std::int64_t> execute_with(const statement& s,
                                                         db::row_program& program) override;
  db::cursor open(const statement& s, bool streaming) override;
  void host(const std::string& sql) override;
  void rewrite(const statement& s, const db::stored_text& as) override;
  void rebuild(bool begins) override;
  [[nodiscard]] db::connection& reader() override { return on_; }
  [[nodiscard]] db::connection* catalog() override { return &on_; }
  [[nodiscard]] step_keeper* steps() noexcept override { return this; }

  [[nodiscard]] std::optional<std::string> recall(const step_key& key) override;
  void begin() override;
  void finish(std::string_view record, std::string_view reverse,
              const step_counts& counts) override;
  [[nodiscard]] std::optional<std::string> part() const override;
  void keep_part(std::string_view record, std::string_view reverse,
                 const step_counts& counts) override;
  void keep_ranges(std::string_view record, std::string_view reverse, const step_counts& counts,
                   const std::vector<std::string>& ranges) override;
  [[nodiscard]] std::optional<std::string> range(std::size_t number) override;
  void keep_range(std::size_t number, std::string_view record, const step_counts& counts) override;
  [[nodiscard]] std::string why_not_apart() override;
  void stand_apart(observer& watching) override;
  void undo_part() noexcept override;
  void reject(const rejected_row& row) override;
  [[nodiscard]] std::string control() override;
  void undo() noexcept override;
  [[nodiscard]] bool touched() const noexcept override { return touched_; }
  [[nodiscard]] bool begun_before() const noexcept override { return begun_before_; }
  [[nodiscard]] bool may_run_alone() const noexcept override { return !transaction_; }

  /// The script is at its end: throws error{errc::integrity} when it has not asked for a step that
  /// is done.
  void require_all_asked() const;
  /// What the steps did, also in earlier attempts.
  [[nodiscard]] const step_counts& totals() const noexcept { return totals_; }

 private:
  using place = std::pair<std::string, std::int64_t>;  // key, occurrence

  /// A step of which a part is done.
  struct part_done {
    std::string record;
    std::string label;
    step_counts counts;
  };

  void open_transaction();
  void part_kept();
  [[nodiscard]] progress& book() const;
  void commit();
  void require_part_asked() const;
  void keep_now(std::string_view kind, std::string_view record, const step_counts& counts);
  void note_alone(const statement& s);
  std::int64_t keep_setting(const statement& s);

  db::connection& on_;
  observer& watching_;
  live_sink live_;
  std::string revision_;
  hooks around_;
  std::vector<progress_entry> done_;    // in earlier attempts, in order
  std::vector<bool> asked_;             // of them, for which the script has asked
  std::map<place, std::size_t> index_;  // of them
  std::set<place> begun_;               // outside a transaction, and not known to be done
  std::map<place, part_done> parts_;
  std::map<std::size_t, std::string> ranges_;  // of the step under way, that were asked for
  step_counts counts_before_;                  // of the step under way, in earlier attempts
  std::map<std::string, std::int64_t> occurrences_;
  std::map<std::string, std::int64_t> numbers_;  // of the steps of a label
  bool begun_before_ = false;
  bool alone_ = false;    // a statement outside a transaction is under way
  bool goes_on_ = false;  // a step that was not done has been met
  progress_entry now_;    // the step under way
  std::optional<db::transaction> transaction_;
  std::vector<statement> settings_;  // said again in every transaction
  std::int64_t position_ = 0;
  std::int64_t rows_ = 0;                            // in the book, of its steps
  std::pair<std::int64_t, std::int64_t> committed_;  // these two
  std::size_t finished_ = 0;
  std::size_t automatic_ = 0;  // steps and reads that are no blocks
  bool touched_ = false;
  step_counts totals_;
};

}  // namespace luamig::engine
