#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "db/connection.hpp"
#include "db/parameters.hpp"
#include "engine/book_sql.hpp"
#include "engine/door.hpp"
#include "engine/rows.hpp"
#include "engine/second_place.hpp"
#include "engine/sink.hpp"
#include "engine/step_keeper.hpp"

namespace luamig::engine {

class observer;
class row_writer;
class script_clock;
class second_database;
class second_databases;

/// The one door between a running migration and the database. It, not the script, knows whether the
/// step failed: a statement that failed outside every savepoint, or an error that no savepoint
/// cures, leaves it failed, and it then refuses every statement and the commit.
class session final : public door {
 public:
  explicit session(sink& behind);
  ~session() override;
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  [[nodiscard]] db::engine kind() const noexcept override { return sink_.kind(); }
  [[nodiscard]] bool offline() const noexcept override { return sink_.offline(); }

  // A statement that fails throws what the database says of it; whatever comes after one that
  // failed throws error{errc::migration} (see `require_whole`).

  // An operation is called: as sink::begin_operation.
  [[nodiscard]] bool names_operations() const noexcept override { return sink_.names_operations(); }
  void begin_operation(const called_operation& called) override { sink_.begin_operation(called); }

  /// One statement of a script or an operation. Returns the rows affected.
  std::int64_t execute(const statement& s, answer wanted = answer::read) override;
  /// Waits for what is unread and was sent within this many savepoints. Also done by the first
  /// statement of a savepoint, and where one ends.
  void settle_unread(std::size_t depth = 0) override;
  [[nodiscard]] bool has_unread(std::size_t depth = 0) const noexcept override;
  /// One statement for every row of a block, as db::connection::execute_each.
  void execute_each(const statement& s, const db::row_block& rows,
                    const db::tally& affected) override;
  /// Waits for what execute_each has sent, and takes the rows of this tally out of it.
  [[nodiscard]] std::int64_t settle(const db::tally& affected) override;
  /// An UPDATE with a program, as db::connection::execute_with. While it runs, the session refuses
  /// everything else.
  [[nodiscard]] std::optional<std::int64_t> execute_with(const statement& s,
                                                         db::row_program& program) override;
  /// Whether the last program has asked for something else.
  [[nodiscard]] bool asked_within() const noexcept override { return asked_within_; }
  /// A text of one statement or several (cut by the database's parser; only one with values).
  /// Returns the rows affected by the last.
  std::int64_t execute_text(std::string_view text, const db::parameters& given,
                            std::string_view file, int line, answer wanted = answer::read) override;
  /// The text of a file, statement by statement; `line` is that of its first byte. A failure is
  /// about the line that its statement begins on: see `failed_statement`.
  void execute_script(std::string_view text, std::string_view file, int line);
  [[nodiscard]] bool runs_programs() const noexcept override {
    return !offline() && kind() == db::engine::sqlite;
  }
  /// Rows are written into a table by a row_writer (row_writer.hpp).
  [[nodiscard]] std::unique_ptr<row_intake> write_rows(db::row_target into, std::string file,
                                                       int line,
                                                       row_intake::refusal on_refusal) override;

  /// A query. `streaming`: for loops; else the rows are read whole. Statements with RETURNING work
  /// too.
  [[nodiscard]] std::unique_ptr<row_source> query(std::string_view text,
                                                  const db::parameters& given, bool streaming,
                                                  std::string_view file, int line);
  [[nodiscard]] std::unique_ptr<row_source> query(statement s, bool streaming) override;
  /// A query of another session's database, named `name`: a step where this one takes steps.
  [[nodiscard]] std::unique_ptr<row_source> read_beside(session& other, std::string_view name,
                                                        const statement& s, bool streaming);
  /// Where second databases are, for `beside`; without it there are none.
  void find_places(second_places where, observer& watching);
  /// Savepoints of this session are savepoints of theirs. They are closed with it.
  [[nodiscard]] door& beside(std::string_view name) override;
  /// This session is a second database's: its queries are that one's (second_database::query).
  void stand_beside(session& main, second_database& as) noexcept;
  /// Throws error{errc::migration} for a statement that does more than read. Offline, where no
  /// schema is known, nobody can say.
  void check_query(std::string_view text, const db::parameters& given, std::string_view file,
                   int line) override;
  /// A query of the database's own catalogs, read whole: what the schema is, once everything so far
  /// has been done. Offline it is asked where that is known.
  [[nodiscard]] std::unique_ptr<row_source> look(statement s) override;
  /// Whether `look` has anything to look at.
  [[nodiscard]] bool knows_schema() override { return sink_.catalog() != nullptr; }

  // The steps of a durable revision (step_keeper.hpp). A statement or a query outside every step is
  // a step by itself.

  /// Whether the next call is a step: the revision is durable, and none is under way.
  [[nodiscard]] bool takes_steps() noexcept override { return sink_.steps() != nullptr && !step_; }
  /// As step_keeper::recall; nothing: the step has begun.
  [[nodiscard]] std::optional<std::string> begin_step(const step_key& key) override;
  /// As step_keeper::begun_before.
  [[nodiscard]] bool begun_before() noexcept override {
    return sink_.steps() != nullptr && step_ && sink_.steps()->begun_before();
  }
  /// As step_keeper::part and keep_part, of the step under way.
  [[nodiscard]] std::optional<std::string> part_of_step() override { return sink_.steps()->part(); }
  void keep_part(std::string_view record, std::string_view reverse = {}) override;
  /// As the functions of step_keeper for the ranges of the step under way.
  void keep_ranges(std::string_view record, std::string_view reverse,
                   const std::vector<std::string>& ranges) override;
  [[nodiscard]] std::optional<std::string> range_of_step(std::size_t number) override;
  void keep_range(std::size_t number, std::string_view record) override;
  [[nodiscard]] std::string why_not_apart() override;
  void stand_apart(observer& watching) override;
  /// As step_keeper::undo_part: the failure of any statement since the last part is cured.
  void undo_part() noexcept override;
  /// As step_keeper::control.
  [[nodiscard]] std::string control() override { return sink_.steps()->control(); }
  /// As step_keeper::reject.
  void reject(const rejected_row& row) override;
  void finish_step(std::string_view record, std::string_view reverse = {}) override;
  /// Does nothing where none is under way.
  void undo_step() noexcept override;
  /// Whether the step under way has reached the database.
  [[nodiscard]] bool touched() noexcept override { return step_ && sink_.steps()->touched(); }

  /// The book of before-images, with its schema as SQL writes it. `make`: it is made where it is
  /// missing; else "" says that it is.
  [[nodiscard]] std::string undo_table(const books& where, bool make) override;

  // Changing a table of SQLite (db/sqlite_tables.hpp).

  /// Replaces the stored text of a table. `comment`, `file`, `line` as in a statement.
  void rewrite_table(const db::stored_text& as, std::string_view comment, std::string_view file,
                     int line) override;
  /// Between the two a table is made anew; the end never fails.
  void begin_rebuild() override;
  void end_rebuild() override;
  /// Why SQLite cannot prepare this statement; "" when it can, and where no schema is
  /// known.
  [[nodiscard]] std::string problem(std::string_view sql) override;

  /// Opens a savepoint, lazily: SAVEPOINT is sent with the first statement inside. Returns its
  /// depth.
  [[nodiscard]] std::size_t enter() override;
  /// How many savepoints are open.
  [[nodiscard]] std::size_t depth() const noexcept { return levels_.size(); }
  /// Closes the savepoint of that depth and those inside it. `keep`: what it did stays; else it is
  /// undone, and a statement's failure inside is cured. Throws when no savepoint cures the failure.
  void leave(std::size_t depth, bool keep) override;

  [[nodiscard]] bool failed() const noexcept { return failed_at_ || cureless_; }
  /// What failed, while `failed`.
  [[nodiscard]] const statement& failed_statement() const noexcept { return failed_; }
  /// Throws the kept error unless the session is whole.
  void require_whole() override;

  /// A file that is written whole: it is put in its place when what stands around it has been
  /// committed, and removed where that is undone.
  void keep_file(file::output written) override;
  /// The files of what has been done, for after the COMMIT.
  [[nodiscard]] std::vector<file::output> take_files();

  /// Counts of the current step, taken and reset by the migrator.
  struct counters {
    std::int64_t statements = 0;
    std::int64_t rows = 0;
  };
  [[nodiscard]] counters take_counters() noexcept;

  /// Who is told when a call of the database begins and ends; null: nobody.
  void count_calls(script_clock* clock) noexcept { clock_ = clock; }
  [[nodiscard]] script_clock* clock() const noexcept override { return clock_; }
  /// Ends the running statement with an error, also one of a second database. Async-signal-safe.
  void interrupt() noexcept;
  /// The latter alone.
  void interrupt_beside() noexcept;

 private:
  friend class rows;
  friend class row_writer;
  struct level {
    bool sent = false;  // its SAVEPOINT has reached the database
  };
  [[nodiscard]] step_counts counts_of_step() const noexcept;
  void settle_part();
  [[nodiscard]] std::size_t reached() const noexcept { return std::min(reach_, levels_.size()); }
  struct step_under_way {
    std::size_t depth = 0;  // how many savepoints lie around it
    counters before;        // it began
    counters kept;          // when its last part was kept
  };
  template <class Action>
  auto attempt(const statement& s, db::connection* on, Action action);
  bool fetch(const statement& origin, db::connection& on, db::cursor from, db::row_block& into);
  std::int64_t write(const statement& s);
  std::int64_t execute_checked(const statement& s, answer wanted);
  std::int64_t execute_all(std::string_view text, statement s, bool own_lines);
  std::int64_t execute_step(const statement& s);
  std::unique_ptr<rows> open_query(statement s, bool streaming);
  void end_step(std::string_view record, std::string_view reverse = {});
  std::unique_ptr<rows> query_step(const statement& s);
  std::int64_t run(const statement& s, const db::statement_facts& facts);
  [[nodiscard]] db::unread answers_of(const statement& s);
  void run_unread(const statement& s, const db::statement_facts& facts);
  void forget_unread(std::size_t depth = 0) noexcept;
  void blame_unread(error& e);
  void require_passing(const statement& s, const db::statement_facts& facts) const;
  void require_place(const statement& s, const db::statement_facts& facts) const;
  void make_way(const db::statement_facts& facts);
  void begin_rows(row_writer& by, const statement& s, const db::row_target& into, bool guarded);
  [[nodiscard]] db::row_outcome send_rows(const statement& s, const db::row_block& rows,
                                          std::size_t first, std::size_t last);
  [[nodiscard]] db::row_outcome end_rows(const statement& s, bool guarded);
  void settle_rows();
  void settle_outer_rows();
  void pause_rows();
  void abandon_rows(std::size_t depth) noexcept;
  void settle_files(std::size_t depth, bool keep);
  void note_failure(const statement& s);
  void send_savepoints();
  void close_level(bool keep);
  void fail(const error& cause);
  [[noreturn]] void refuse_within();

  sink& sink_;
  script_clock* clock_ = nullptr;
  second_places places_;
  observer* watching_ = nullptr;
  std::unique_ptr<second_databases> seconds_;  // from `find_places` on
  second_database* as_second_ = nullptr;
  session* main_ = nullptr;  // of a second one
  std::vector<level> levels_;
  // How many of them may be sent: fewer while the rows of a writer go that was made outside of
  // them.
  std::size_t reach_ = static_cast<std::size_t>(-1);
  std::optional<step_under_way> step_;
  std::vector<rows*> open_;
  std::vector<row_writer*> writers_;
  struct file_kept {
    std::size_t depth = 0;  // how many savepoints it lies in
    file::output written;
  };
  std::vector<file_kept> files_;
  row_writer* writing_ = nullptr;  // whose rows are on their way
  counters counters_;
  db::bound_texts texts_;
  struct unread_statements {
    statement sent;  // without its values: those of the same text and place are told as one
    db::unread answers;
  };
  std::vector<unread_statements> unread_;
  std::size_t unread_depth_ = 0;  // how many savepoints lie around all of them
  // The depth at which a statement failed; no savepoint at or above it has cured that yet.
  std::optional<std::size_t> failed_at_;
  statement failed_;
  std::optional<error> cureless_;
  bool within_ = false;  // a statement with a program runs
  bool asked_within_ = false;
  bool apart_ = false;  // in a process beside that of the run
};

}  // namespace luamig::engine
