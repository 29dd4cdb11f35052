#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "db/connection.hpp"
#include "engine/book_sql.hpp"
#include "graph/plan.hpp"

namespace luamig::engine {

/// The last run of a file of repeatable/.
struct repeated_file {
  std::string checksum;
  std::string required;
  bool is_stale = false;  ///< a revision was taken back since, and may have taken its work along
};
using repeated_files = std::map<std::string, repeated_file, std::less<>>;

/// What is there under the name of one of the books.
struct book_table {
  std::string kind;     ///< "table", "view", …; "": nothing
  std::string lacks;    ///< the columns that it should have and has not
  std::int64_t id = 0;  ///< PostgreSQL: the version table's oid; the history's file, which a
                        ///< TRUNCATE changes; 0: not known

  [[nodiscard]] bool there() const noexcept { return !kind.empty(); }
};

/// The version table and its companions, always named with their schema. Reading creates nothing.
class version_store {
 public:
  /// Resolves the schema. Reads whether the tables are there; creates none.
  version_store(db::connection& on, books where);

  [[nodiscard]] const books& where() const noexcept { return where_; }
  /// The names and texts, with the schema resolved.
  [[nodiscard]] const book_sql& sql() const noexcept { return sql_; }
  /// What is known of the tables is looked up anew, and what `remember` noted is forgotten: between
  /// two transactions others may have changed the books.
  void look_again();
  /// The rows, sorted; none where there is no table. A view in its place, a NULL or empty row, and
  /// one that is there twice, is error{errc::integrity}.
  [[nodiscard]] std::vector<std::string> rows();
  /// Whether the version table is there, as far as this object has seen.
  [[nodiscard]] bool exists() const noexcept { return version_.there(); }
  /// Whether its companions are there too.
  [[nodiscard]] bool complete() const noexcept { return version_.there() && history_.there(); }

  /// Throws error{errc::integrity} when the history is none, or the version table's column is too
  /// short for an id that a step brings (Alembic's is VARCHAR(32)). To be asked before the first
  /// statement of a run.
  void require_room(std::span<const graph::step> steps);
  /// Makes what is missing, inside the caller's transaction. An existing version table is used as
  /// it is; what is none is error{errc::integrity}. Projects that begin at one instant in one
  /// schema wait for each other here.
  void create();
  /// The transaction of `create` has been committed.
  void created();
  /// PostgreSQL: notes what the books are like, for `guard_books`, where that is not known yet.
  /// After `create`, before a script runs.
  void remember();

  /// The edit of one step, inside its transaction; `rows` is what it expects. A plain swap is one
  /// compare-and-swap; anything else takes the books' table lock and compares the whole set. Rows
  /// that have moved throw error{errc::integrity, kind "books_moved"}. PostgreSQL: enqueued, thrown
  /// by flush.
  void edit(const graph::step& step, const std::vector<std::string>& rows);
  /// The history row of a step, inside its transaction: what later runs go by is read again, for a
  /// trigger may have made something else of it. As in edit, that is kind "books_moved".
  void record(const history_entry& entry);
  /// What constraints and their triggers put off until COMMIT comes now, so that `verify` sees what
  /// it does. PostgreSQL: enqueued. SQLite's COMMIT does nothing but look.
  void check_deferred();
  /// Before the books are written, once no SQL of the script's is left to come: nothing has been
  /// put on the books since `remember`, nor has the way to them changed. As in edit, that is kind
  /// "books_moved". SQLite: its authorizer sees all that a script does.
  void guard_books();
  /// The last of a transaction: the version table holds these rows, nobody but luamig has changed
  /// the history, and both are the tables that they were. As in edit.
  void verify(const std::vector<std::string>& rows);

  /// Whether this error says that the books were not those that the step expected.
  [[nodiscard]] static bool says_books_moved(const luamig::error& e);
  /// Whether it is about the books at all: as above, or a table of them refused what luamig wrote.
  [[nodiscard]] bool concerns(const luamig::error& e) const;
  /// Makes such an error name what is wrong with the books, to be asked after the rollback: no
  /// table, a column that is missing, a trigger on them. False: they have moved, and there is
  /// nothing to be seen. `by`: what has run, "revision", "script" or "entry".
  bool name_damage(luamig::error& e, std::string_view by = "revision");
  /// Makes it say that this has moved them, by SQL that it built in the database.
  void blame(luamig::error& e, std::string_view by) const;

  /// The newest entries first; `revision` "" for all; at most `limit`. Sources are left out.
  [[nodiscard]] std::vector<history_entry> history(std::string_view revision, std::int64_t limit);
  /// The files of repeatable/ that were run, as they were the last time.
  [[nodiscard]] repeated_files repeated();
  /// The revisions that were last recorded without being run.
  [[nodiscard]] std::set<std::string, std::less<>> skipped();
  /// The normalised source of the newest applied entry of a revision, where the books have one.
  [[nodiscard]] std::optional<std::string> source(std::string_view revision);

 private:
  [[nodiscard]] bool postgresql() const { return on_.kind() == db::engine::postgresql; }
  void look();
  void look_sqlite();
  void look_postgres();
  [[nodiscard]] bool has_history();
  [[nodiscard]] std::optional<luamig::error> damage_of(const book_table& table) const;
  void require_whole(const book_table& table) const;
  void record_sqlite(const std::string& head, std::span<const value> values);
  void swap_row(const std::string& from, const std::string& to);
  [[nodiscard]] luamig::error put_on_books(const luamig::error& e, std::string_view by);
  void compare_all(const std::vector<std::string>& expected);

  db::connection& on_;
  books where_;
  book_sql sql_;
  book_table version_;
  book_table history_;
  bool finds_schema_;  // by the search_path, for none is configured
  std::optional<std::string> shape_;
};

/// error{errc::integrity, kind "books_moved"}.
[[nodiscard]] luamig::error books_moved();
[[nodiscard]] std::vector<std::string> sorted(std::vector<std::string> ids);

}  // namespace luamig::engine
