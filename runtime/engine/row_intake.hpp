#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "db/row_target.hpp"
#include "db/rows.hpp"

namespace luamig::engine {

/// Where rows are put that are written into one table.
class row_intake {
 public:
  /// A row that the database has refused, and why. What this throws ends it; where it comes back,
  /// the row is left out and the others are written, or it ends where nothing is kept that could be
  /// (row_target::names_refused): of the row there is then only what the database says of it.
  using refusal = std::function<void(std::int64_t number, const db::row_block& rows,
                                     std::size_t row, const error& why)>;

  explicit row_intake(db::row_target into) : into_(std::move(into)) {
    block_.clear(into_.columns.size());
  }
  virtual ~row_intake() = default;
  row_intake(const row_intake&) = delete;
  row_intake& operator=(const row_intake&) = delete;

  [[nodiscard]] const db::row_target& target() const noexcept { return into_; }
  /// Where the cells of the next row go, one for each column.
  [[nodiscard]] db::row_block& room() noexcept { return block_; }
  /// What there is of the next row is forgotten.
  void forget_row() { block_.cut(numbers_.size()); }
  /// The row is whole. `number` is what it is called by: the line of a file, or its place from 1.
  virtual void end_row(std::int64_t number) = 0;
  /// Writes what is in hand; the next row begins anew.
  virtual void settle() = 0;
  /// Writes what is left, and tells the observer. Returns how many rows are in the table.
  virtual std::int64_t finish() = 0;

 protected:
  db::row_target into_;
  db::row_block block_;
  std::vector<std::int64_t> numbers_;  ///< of the rows in it
};

}  // namespace luamig::engine
