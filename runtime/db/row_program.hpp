#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "db/rows.hpp"

namespace luamig::db {

/// What an UPDATE on SQLite calls row by row:
///
///   UPDATE t SET a = luamig_get(1), b = luamig_get(2) WHERE luamig_run(id, x, y)
///
/// luamig_run shows the row to `run`, and luamig_get gives the cell at that place in what the row
/// became in `changes`; SET is evaluated in the order of the table's columns. SQLite may also call
/// luamig_run for all rows before the first luamig_get: where a trigger is on the table, or a
/// foreign key is written. Such a statement is stopped when that shows, before it has written
/// anything, and what finds the changes by their rowid does the same:
///
///   UPDATE t SET a = luamig_get(rowid, 1), b = luamig_get(rowid, 2)
///    WHERE luamig_run(rowid, id, x, y)
struct row_program {
  enum class answer { leave, change, give_up, fail };

  /// The kinds that the arguments of luamig_run, without a rowid, have as columns of a result.
  std::vector<cell_kind> columns;
  /// Given a block of one row. `change`: the last row of `changes` is what becomes of it. `give_up`
  /// and `fail`: the statement ends there. What it changed before may stay: SQLite keeps a journal
  /// of a statement only where it expects an error. All of it is in `changes`. Throws nothing.
  std::function<answer(const row_block&)> run;
  /// A row for each that was changed: its key, then its new values. Outlives the statement.
  const row_block* changes = nullptr;
  /// Set when the statement ends: whether the program gave up, which leaves the session whole, …
  bool gave_up = false;
  /// … and whether it did so because the changes have to be found by their rowid.
  bool asks_rowid = false;
};

}  // namespace luamig::db
