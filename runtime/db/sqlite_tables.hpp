#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace luamig::db {

class sqlite_policy;

/// The text that SQLite keeps of a table, and the table it is of.
struct stored_text {
  std::string schema;  ///< "main", "temp"
  std::string table;   ///< as it is written in the catalog
  std::string sql;     ///< CREATE TABLE …

  /// The statement that a rewrite comes to.
  [[nodiscard]] std::string update() const;
};

/// What changing a table of SQLite needs beyond statements. Everything here is the host's own and
/// works inside a transaction and its savepoints.
class sqlite_tables {
 public:
  sqlite_tables(sqlite3* on, sqlite_policy& policy) : on_(on), policy_(policy) {}

  /// Until `end_rebuild` foreign keys are not looked at, and ALTER TABLE … RENAME TO changes
  /// nothing but the table itself. Throws error{errc::sql} where a deferred foreign key is open,
  /// because nothing would look at it again.
  void begin_rebuild();
  /// Puts back what was before; nothing when no rebuild has begun.
  void end_rebuild() noexcept;

  /// Replaces the stored text of a table: the rows stay as they are. Throws error{errc::sql} when
  /// SQLite cannot read the schema afterwards, which only a rollback cures, and kind "refused" for
  /// luamig's own tables.
  void rewrite(const stored_text& as);
  /// After every rollback, and before others are let in: what a rewrite that is undone has left in
  /// memory is forgotten.
  void rolled_back() noexcept;

  /// Whether a foreign key is violated that COMMIT would look at.
  [[nodiscard]] bool defers_violation() const noexcept;

  /// Why SQLite cannot prepare this statement; "" when it can. Nothing runs.
  [[nodiscard]] std::string problem(std::string_view sql);

 private:
  void run(const std::string& sql);

  sqlite3* on_;
  sqlite_policy& policy_;
  bool rebuilding_ = false;
  bool foreign_keys_ = false;  // what they were when the rebuild began
  bool legacy_ = false;
  bool rewritten_ = false;  // in this transaction
};

}  // namespace luamig::db
