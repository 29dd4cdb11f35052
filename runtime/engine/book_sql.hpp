#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "db/url.hpp"
#include "graph/plan.hpp"

namespace luamig::engine {

/// Where the books of one project lie.
struct books {
  std::string version_table = "luamig_version";
  std::string schema;  ///< PostgreSQL: resolved once at connect; "" on SQLite ("main")
};

/// One row of luamig_history.
struct history_entry {
  std::int64_t id = 0;
  std::string revision;
  std::string direction;  ///< "upgrade", "downgrade", "stamp", "repeat"
  std::string outcome;    ///< "applied", "reverted", "failed", "stamped", "skipped", "aborted"
  std::string began;      ///< UTC, "2026-03-01T10:20:30.123Z"
  double seconds = 0;
  std::string who;  ///< operating system user @ database user
  std::string host;
  std::string luamig;    ///< the version of luamig
  std::string checksum;  ///< SHA-256 of the normalised source
  std::string required;  ///< SHA-256 of what it required; "" for nothing
  std::string source;    ///< the normalised source (kept compressed in the database)
  std::int64_t statements = 0;
  std::int64_t rows = 0;
  std::string error;  ///< of a failed one
};

/// The books in SQL: names and texts, without a connection. What `--sql` writes, and what the
/// version store runs where it can be the same.
class book_sql {
 public:
  /// PostgreSQL with no schema: names without one, for --sql without a database.
  book_sql(db::engine kind, const books& of);

  /// Quoted, with their schema.
  [[nodiscard]] const std::string& version_table() const noexcept { return version_table_; }
  [[nodiscard]] const std::string& history_table() const noexcept { return history_table_; }
  [[nodiscard]] const std::string& progress_table() const noexcept { return progress_table_; }
  [[nodiscard]] const std::string& rejects_table() const noexcept { return rejects_table_; }

  [[nodiscard]] const std::string& undo_table() const noexcept { return undo_table_; }

  /// Makes both tables where they are missing.
  [[nodiscard]] std::vector<std::string> create() const;
  /// Makes the book of durable revisions where it is missing.
  [[nodiscard]] std::string create_progress() const;
  /// Makes the book of rows that were left out where it is missing.
  [[nodiscard]] std::string create_rejects() const;
  /// Makes the book of before-images where it is missing. A row without a `pass` is one: what an
  /// operation of a revision has kept of a table; the others are the rows that it has changed.
  [[nodiscard]] std::string create_undo() const;
  /// The edit of one step, without a comparison.
  [[nodiscard]] std::vector<std::string> edit(const graph::step& step) const;
  /// The history row: clock and user are the server's, the source is left out.
  [[nodiscard]] std::string record(const history_entry& entry) const;

 private:
  db::engine kind_;
  std::string project_;  // the version table's name: what tells projects in one database apart
  std::string version_table_;
  std::string history_table_;
  std::string progress_table_;
  std::string rejects_table_;
  std::string undo_table_;
};

/// All of luamig's advisory locks in PostgreSQL have this class: "LMIG". Key 0 is for making the
/// books' tables, the others are projects'.
inline constexpr std::int64_t advisory_lock_class = 0x4C4D4947;

/// The columns of luamig_history but for its id, in the order that `record` writes.
inline constexpr std::string_view history_columns =
    "version_table, revision, direction, outcome, began_at, seconds, who, host, luamig, checksum, "
    "required, source, statement_count, row_count, error";

/// Stands in the error that the server raises where the books are not those that a step expects.
inline constexpr std::string_view moved_mark = "luamig: the books moved";
inline constexpr std::string_view moved_kind = "books_moved";  ///< of luamig's own error

/// Before the books are written, so that what it sets off is seen.
inline constexpr std::string_view check_deferred_sql = "SET CONSTRAINTS ALL IMMEDIATE";

/// How the books keep a text that may be missing: "" is NULL.
[[nodiscard]] value text_or_null(const std::string& s);

/// Everything that is never a script's to change: the version table and luamig's own, with their
/// schema where it is known.
[[nodiscard]] std::vector<std::string> protected_tables(const books& of);

}  // namespace luamig::engine
