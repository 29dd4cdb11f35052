#pragma once

#include <cstddef>
#include <vector>

#include "db/rows.hpp"

namespace luamig::engine {

/// The rows of one query, read block by block.
class row_source {
 public:
  row_source() = default;
  virtual ~row_source() = default;
  row_source(const row_source&) = delete;
  row_source& operator=(const row_source&) = delete;

  [[nodiscard]] const std::vector<db::column>& columns() const noexcept { return columns_; }
  /// Moves to the next row; false at the end. `block` and `row` then name its cells, which are
  /// valid until the next call. Throws what the database says of a row, and then, or once the
  /// savepoint that it was opened in has been undone, error{errc::migration}: a loop that just
  /// ended would pass for whole.
  bool next() {
    if (!lost_ && started_ && row_ + 1 < block_.rows()) {
      ++row_;
      return true;
    }
    return next_block();
  }
  /// Moves to the first row of the next block.
  bool next_block() {
    if (lost_) refuse_lost();
    started_ = true;
    row_ = 0;
    return refill();
  }
  [[nodiscard]] const db::row_block& block() const noexcept { return block_; }
  [[nodiscard]] std::size_t row() const noexcept { return row_; }
  /// Nothing is left to read, and the database holds nothing for it. May be called twice.
  virtual void close() noexcept = 0;

 protected:
  /// Fills `block_`; false at the end, and then it is empty.
  virtual bool refill() = 0;
  [[noreturn]] static void refuse_lost();

  std::vector<db::column> columns_;
  db::row_block block_;
  bool lost_ = false;  ///< some of its rows cannot be had

 private:
  std::size_t row_ = 0;
  bool started_ = false;
};

}  // namespace luamig::engine
