#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/connection.hpp"
#include "engine/book_sql.hpp"
#include "engine/step_keeper.hpp"
#include "graph/plan.hpp"

namespace luamig::engine {

/// A durable revision that is under way: its row in luamig_progress.
struct half_done {
  std::string revision;
  graph::direction way = graph::direction::upgrade;
  std::int64_t began = 0;     ///< when its first step began, in milliseconds since 1970 (UTC)
  std::int64_t finished = 0;  ///< how many of its steps are done
  bool is_bare = false;       ///< nothing of it is done, nor has begun
  bool in_part = false;       ///< a part of another one is done
  std::int64_t rows = 0;      ///< that part: of so many rows
  std::int64_t of_rows = 0;   ///< which the whole step has; 0: nobody knows
  std::string control;        ///< what its run is asked to do (engine/control.hpp)

  /// No revision, but a file that was run by itself: where the version table stands says nothing
  /// of it.
  [[nodiscard]] bool is_script() const noexcept { return way == graph::direction::repeat; }
};

/// "2 steps of it and a part of the next are done"
[[nodiscard]] std::string done_so_far(std::int64_t finished, bool in_part);

/// Throws error{errc::refused} where a revision is half done, naming the way on.
void require_nothing_half_done(db::connection& on, const books& where);

/// What is written down of a step, or of a read: that it is done, or how far it has come.
struct progress_entry {
  std::string kind;  ///< "step"; "block": the author's own; "read"; "begun": one that runs outside
                     ///< a transaction, and may have been done; "part": one of which a part is
                     ///< done; "range": a range of such a one, its number behind the key

  [[nodiscard]] bool is_step() const noexcept { return kind == "step" || kind == "block"; }
  std::string key;  ///< SHA-256 in hex of its label and of what it asks for
  std::int64_t occurrence = 1;
  std::string label;
  std::string record;
  std::string reverse;  ///< the operation that undoes it, as the stdlib writes it; "" for none
  std::int64_t statements = 0;
  std::int64_t rows = 0;
};

/// How far one range of a step has come: its record, and what it did since the last one.
struct range_part {
  std::string record;
  step_counts counts;
};
/// What the ranges of a step have done together, and how many they are.
struct range_counts {
  std::int64_t ranges = 0;
  step_counts counts;
};

/// What replace_part throws.
[[nodiscard]] error gone_on(std::string_view revision, const progress_entry& with);

/// The book luamig_progress: what the durable revisions under way have done. A revision's rows go
/// with the transaction that edits its version rows.
class progress {
 public:
  /// `where` with its schema resolved (version_store::where).
  progress(db::connection& on, const books& where);

  /// The revisions, and scripts, of which something is done. Reading creates nothing.
  [[nodiscard]] std::vector<half_done> under_way();
  /// The same and those of which nothing is done yet.
  [[nodiscard]] std::vector<half_done> begun();
  /// The row of one, also where nothing of it is done yet.
  [[nodiscard]] std::optional<half_done> row_of(std::string_view revision, graph::direction way);
  /// All that is written down of one, in its order.
  [[nodiscard]] std::vector<progress_entry> entries(std::string_view revision,
                                                    graph::direction way);

  /// What the run of one is asked to do; "" for nothing.
  [[nodiscard]] std::string control_of(std::string_view revision, graph::direction way);
  void set_control(std::string_view revision, graph::direction way, const std::string& control);

  // Inside the caller's transaction; PostgreSQL: enqueued.

  void create();
  void begin(const half_done& revision);
  void add(std::string_view revision, graph::direction way, const progress_entry& entry,
           std::int64_t position);
  /// The revision has so many steps here, besides its own row; else kind "books_moved" (see
  /// version_store::edit).
  void verify(std::string_view revision, graph::direction way, std::int64_t steps);
  /// Puts the entry in the place of its part whose record is `before`. Waits for the answer, and
  /// throws error{errc::integrity} where that part is not there: another run has gone on with it.
  void replace_part(std::string_view revision, graph::direction way, const progress_entry& entry,
                    const std::string& before);

  // The ranges of the step `of`, a row each, which a process beside the run's may work on. As
  // above, but for `range`, which only reads.

  void add_ranges(std::string_view revision, graph::direction way, const progress_entry& of,
                  const std::vector<std::string>& records);
  /// Waits for the answer.
  [[nodiscard]] range_counts take_ranges(std::string_view revision, graph::direction way,
                                         const progress_entry& of);
  /// The record of one, from 1.
  [[nodiscard]] std::optional<std::string> range(std::string_view revision, graph::direction way,
                                                 const progress_entry& of, std::size_t number);
  /// As replace_part.
  void replace_range(std::string_view revision, graph::direction way, const progress_entry& of,
                     std::size_t number, const range_part& part, const std::string& before);

  void remove(std::string_view revision, graph::direction way, const progress_entry& entry);
  void clear(std::string_view revision, graph::direction way);
  /// Forgets every revision of this project.
  void clear_all();

 private:
  [[nodiscard]] bool exists();
  [[nodiscard]] std::int64_t rows_in_ranges(const half_done& of);
  [[nodiscard]] std::string count_of(std::string_view kinds) const;
  [[nodiscard]] const std::string& table() const noexcept { return names_.progress_table(); }

  db::connection& on_;
  books where_;
  book_sql names_;
};

}  // namespace luamig::engine
