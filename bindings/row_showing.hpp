#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <lua.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/answers.hpp"
#include "bindings/hosted_function.hpp"
#include "bindings/lazy_row.hpp"
#include "db/rows.hpp"
#include "engine/row_intake.hpp"

namespace luamig::bindings {

/// How the rows of a table go over into another one: what the function has changed, and all others
/// as they are.
struct row_carrying {
  /// Where a column's value comes from.
  struct source {
    std::size_t row = 0;  ///< its place in the row
    int changes = -1;     ///< its place in what the function gives; -1: it never changes
  };
  std::vector<source> sources;
  int asks = -1;            ///< the column that says whether the function is shown a row; -1: all
  std::int64_t number = 0;  ///< of rows that have gone over
  // Of the method that runs:
  std::size_t seen = 0;     ///< rows, the function has been shown them or not
  std::size_t bytes = 0;    ///< of the texts that went over
  std::size_t changed = 0;  ///< rows
  std::size_t removed = 0;
};

/// The work of a function on the rows of a table (row_work.hpp), as its methods see it. What it
/// shows and to whom lies in its environment, by `work_place`.
struct row_work {
  enum block_number : std::size_t { changes, removals, rejects };

  row_window* window = nullptr;
  std::string table;
  std::size_t key = 0;  ///< how many columns are the key
  bool writes = false;
  bool may_reject = false;
  std::size_t most_raised = 0;  ///< up to so many rejects a row may raise an error and be one
  std::deque<gathered_block> blocks;
  db::row_block last;        ///< the key of the last row shown
  std::size_t shown = 0;     ///< rows, by the method that runs
  std::size_t gathered = 0;  ///< rows, in all blocks but `rejects`
  row_carrying carrying;
  std::vector<std::string>
      tables;  ///< of each block the one its rows are for; "": that of the work
  hosted_function hosted;
  std::size_t by_host = 0;  ///< rows that Lua was not asked for

  /// That all blocks take but `rejects`, which are kept until the end of a batch.
  [[nodiscard]] std::size_t bytes() const;
  /// Throws error{errc::migration} where one row asks for more than may be held.
  void refuse_excess() const;
  /// Whether it is time to write.
  [[nodiscard]] bool full() const;
  /// How far it has come: what each block has, and what was counted.
  struct mark {
    std::vector<std::size_t> cells;
    std::size_t gathered = 0;
    std::size_t by_host = 0;
  };
  void note(mark& into) const;
  /// Forgets what has come since.
  void go_back(const mark& to);

  /// Another row is under way.
  void stand_at(const db::row_block& block, std::size_t row);
  /// Whether the row under way has added to the block.
  [[nodiscard]] bool has_added(block_number block) const {
    return blocks[block].rows.cell_count() > before_.cells[block];
  }
  /// Forgets what the function has asked for of the row under way.
  void back_to_row() { go_back(before_); }
  /// Leaves the row under way out: what it has asked for elsewhere is not asked for any more.
  void reject(std::string_view why);
  /// Adds the key of the row under way.
  void add_key(db::row_block& to) const;
  /// Runs the function for the row under way without Lua, and takes what it gives. False: it is to
  /// be shown to the function.
  [[nodiscard]] bool do_by_host(const context& ctx);
  /// The row under way is done.
  void end_row();
  /// Whether the function is to be shown the row under way.
  [[nodiscard]] bool asks() const;
  /// The row under way goes over, with what the function has made of it.
  void carry(engine::row_intake& to);

 private:
  [[nodiscard]] bool take_given();
  [[nodiscard]] bool take_row(std::size_t block, const row_value& row);
  [[nodiscard]] bool take_inserted(const row_machine::inserted& row);
  [[nodiscard]] bool take_reject(const row_value& why);

  mark before_;  // the row under way
};

/// The environment of a work; from `names` on, the lists of names of its blocks.
struct work_place {
  enum : int { window = 1, function, out, metatable, wrong, names };
};

/// The work at 1. Throws error{errc::migration} for anything else.
[[nodiscard]] row_work& work_argument(lua_State* L);

/// Whether the error object on top, which the function has raised for the row under way, leaves the
/// row out (work:catch).
[[nodiscard]] bool reject_raised(lua_State* L, row_work& w);

/// work:carry_by(columns, changes, asks?), work:read(cursor, writer?), work:run(pieces)
int carry_by(lua_State* L);
int read_rows(lua_State* L);
int run_statement(lua_State* L);

}  // namespace luamig::bindings
