#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/effects.hpp"
#include "engine/file_objects.hpp"
#include "engine/schema_lines.hpp"
#include "engine/server_counts.hpp"
#include "engine/sink.hpp"

namespace luamig::engine {

/// A line of a migration; no file: of none.
struct script_place {
  std::string file;
  int line = 0;
};

/// Measures what revisions do while they run, on the connection that they run on. It only reads
/// there, as the host, in their transaction.
///
/// SQLite tells of each row. PostgreSQL has counters for the whole transaction: they are read where
/// the script goes from one line to another, unless that would cost more than a tenth of the run;
/// rows that several lines have changed meanwhile are then told of the revision alone.
class meter {
 public:
  meter(db::connection& on, books own) : on_(on), own_(std::move(own)) {}

  /// Between the two a revision runs, in a transaction that is open already, or in several.
  void begin(std::string revision, std::string message, graph::direction way);
  /// `failed`: whatever can still be read is.
  [[nodiscard]] revision_effects finish(bool failed);
  /// Whether a revision is under way.
  [[nodiscard]] bool running() const noexcept { return running_; }

  /// The operation that the statements of this line belong to.
  void name_operation(const called_operation& called);
  /// A statement of the script's is about to run, and has run. It is the host who speaks.
  void before(const statement& s);
  void after(const statement& s, double seconds, std::int64_t affected);
  /// It was refused: what it did is undone.
  void failed() noexcept;
  /// A table of SQLite is made anew in between.
  void rebuild(bool begins);

  // What a savepoint encloses, or a part of a step: `enter`, then `kept`.
  void enter();
  void kept();
  /// What was done since `enter` is undone; the savepoint stays.
  void undone() noexcept;
  /// A transaction of a revision that has several ends, after its last statement; the next begins
  /// with the next statement.
  void commits();
  /// It has ended, and the locks that it took with it.
  void ended();

  void not_simulated(std::string what);
  /// Where the script is; nowhere before its first statement.
  [[nodiscard]] script_place place() const;
  /// Where a lock on this table that is held was first seen; where the script is otherwise.
  [[nodiscard]] script_place place_of_lock(std::string_view table) const;

 private:
  using clock = std::chrono::steady_clock;
  using place_key = std::pair<std::string, int>;

  struct change {
    std::size_t operation;  // npos: of the revision alone
    std::string table;
    table_effects by;
  };
  struct level {
    std::size_t changes;  // so many there were
    bool known;           // all that came before it had been counted
  };

  [[nodiscard]] bool on_server() const { return on_.kind() == db::engine::postgresql; }
  [[nodiscard]] std::size_t operation_of(const statement& s);
  void add(std::size_t operation, const std::string& table, const table_effects& by);
  void apply(const change& c, int sign);
  void undo_to(std::size_t changes) noexcept;
  void take_rows(std::size_t operation);
  bool sample(bool needed);
  void count(const server_counts& now);
  void note_locks(const server_counts& now);
  void note_lock_again(const statement& s);
  void look_at_truncate(const statement& s, const db::statement_facts& facts);
  void look_at_objects(std::size_t operation);

  db::connection& on_;
  books own_;
  bool running_ = false;
  revision_effects now_;
  clock::time_point began_{};
  std::map<place_key, std::size_t> by_place_;
  struct operation_name {
    std::string name;
    std::string summary;
    std::string destroys;
  };
  std::map<place_key, operation_name> names_;
  std::optional<schema_text> schema_;  // as the last revision has left it
  bool rebuilding_ = false;
  std::optional<file_objects> objects_;  // SQLite: before the change of the schema under way

  // What has been changed inside savepoints, so that it can be taken back.
  std::vector<level> levels_;
  std::vector<change> changes_;

  // PostgreSQL
  std::optional<server_counts> last_;
  std::optional<sequence_positions> sequences_;  // of those that were there at first
  std::set<std::int64_t> tables_before_;
  std::set<std::size_t> writers_;  // operations since the last look
  std::size_t current_ = 0;        // the operation under way
  std::size_t writes_ = 0;         // the last one that is no query
  bool schema_changed_ = false;    // since the last look
  bool anew_ = false;              // the counters are to be read anew before the next statement
  bool incomplete_ = false;        // some could not be read in time
  std::map<std::int64_t, std::int64_t> truncated_;
  clock::time_point writer_began_{};
  clock::duration spent_{};
  std::vector<std::pair<lock_effects, clock::time_point>> locks_;  // that are held
};

}  // namespace luamig::engine
