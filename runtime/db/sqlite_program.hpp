#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "db/row_program.hpp"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace luamig::db {

/// The functions luamig_run and luamig_get of one connection, and the program behind them while a
/// statement runs with one.
class sqlite_program {
 public:
  /// Makes the functions; must outlive the connection's use.
  void install(sqlite3* on);

  void begin(row_program& program);
  void end() noexcept { program_ = nullptr; }
  /// Whether the program has stopped the statement.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

 private:
  static void on_run(sqlite3_context* to, int count, sqlite3_value** arguments);
  static void on_get(sqlite3_context* to, int count, sqlite3_value** arguments);
  void run(sqlite3_context* to, std::span<sqlite3_value*> arguments);
  void get(sqlite3_context* to, std::span<sqlite3_value*> arguments);
  [[nodiscard]] row_program::answer ask(std::span<sqlite3_value*> columns);
  /// The first cell of the last row of the changes, found without a division.
  [[nodiscard]] std::size_t last_row() const;
  /// A row that is changed, and its first cell among the changes.
  struct visit {
    std::int64_t rowid;
    std::size_t change;
  };
  [[nodiscard]] const visit* find(std::int64_t rowid);

  row_program* program_ = nullptr;  // null: no statement runs with one
  row_block row_;
  std::vector<visit> visited_;
  std::size_t at_ = 0;                                      // the visit that was asked for last
  std::unordered_map<std::int64_t, std::size_t> by_rowid_;  // the first of them
  bool stopped_ = false;
  // Without rowids:
  bool unwritten_ = false;    // the last row is changed, and nothing of it was asked for
  bool has_written_ = false;  // something was asked for since the statement began
};

/// Throws error{errc::migration} when SQLite would not keep a cell of the row as it is. What a
/// program leaves in its changes has passed this: nothing can be thrown from within SQLite.
void check_sqlite_row(const row_block& changes, std::size_t row);

}  // namespace luamig::db
