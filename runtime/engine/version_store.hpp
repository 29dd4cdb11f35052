#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// The version table and its companions, always named with their schema. Reading creates nothing.
class version_store {
 public:
  /// Resolves the schema. Reads whether the tables are there; creates none.
  version_store(db::connection& on, books where);

  [[nodiscard]] const books& where() const noexcept { return where_; }
  /// The names and texts, with the schema resolved.
  [[nodiscard]] const book_sql& sql() const noexcept { return sql_; }
  /// The rows, sorted; none where there is no table. A NULL or empty row, and one that is there
  /// twice, is error{errc::integrity}.
  [[nodiscard]] std::vector<std::string> rows();
  /// Whether the version table is there, as far as this object has seen.
  [[nodiscard]] bool exists() const noexcept { return version_exists_; }
  /// Whether its companions are there too.
  [[nodiscard]] bool complete() const noexcept { return version_exists_ && history_exists_; }

  /// Throws error{errc::integrity} when the version table's column is too short for an id that a
  /// step brings (Alembic's is VARCHAR(32)). To be asked before the first statement of a run.
  void require_room(std::span<const graph::step> steps);
  /// Makes what is missing, inside the caller's transaction. An existing version table is used as
  /// it is. Projects that begin at one instant in one schema wait for each other here.
  void create();
  /// The transaction of `create` has been committed.
  void created() noexcept { version_exists_ = history_exists_ = is_version_table_ = true; }

  /// The edit of one step, inside its transaction; `rows` is what it expects. A plain swap is one
  /// compare-and-swap; anything else takes the books' table lock and compares the whole set. Rows
  /// that have moved throw error{errc::integrity, kind "books_moved"}. PostgreSQL: enqueued, thrown
  /// by flush.
  void edit(const graph::step& step, const std::vector<std::string>& rows);
  /// The history row of a step, inside its transaction. PostgreSQL: enqueued.
  void record(const history_entry& entry);

  /// Whether this error says that the books were not those that the step expected.
  [[nodiscard]] static bool says_books_moved(const luamig::error& e);
  /// Makes such an error say that nobody else moved them: the revision did, by SQL that it built in
  /// the database.
  void blame_revision(luamig::error& e) const;

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
  void swap_row(const std::string& from, const std::string& to);
  void compare_all(const std::vector<std::string>& expected);

  db::connection& on_;
  books where_;
  book_sql sql_;
  bool version_exists_ = false;
  bool history_exists_ = false;
  std::int64_t history_file_ = 0;  // PostgreSQL: a TRUNCATE gives it another; 0: not known
  bool is_version_table_ = false;  // it has our column
};

}  // namespace luamig::engine
