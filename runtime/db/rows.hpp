#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.hpp"

namespace luamig::db {

/// What one cell holds. A block's cells refer to its bytes, in a block of views to those of others.
enum class cell_kind : std::uint8_t { null, boolean, integer, real, decimal, text, blob, array };

struct cell {
  union {
    std::int64_t integer;  ///< integer, and boolean as 0 or 1
    double real;
    std::uint64_t offset;  ///< decimal, text, blob, array: where its bytes begin in the block
    const char* view;      ///< of the same in a block of views
  };
  std::uint32_t size = 0;  ///< decimal, text, blob, array: how many; no engine keeps 4 GB
  cell_kind kind = cell_kind::null;
  cell() : integer(0) {}
};

/// A run of rows, owning its bytes: what a fetch fills, what a drained cursor keeps. Cells lie row
/// after row.
class row_block {
 public:
  void clear(std::size_t columns) {
    columns_ = columns;
    count_ = 0;
    bytes_.clear();
    views_ = false;
  }
  void add_null() { room_for_one() = {}; }
  void add_boolean(bool b) { add_scalar(cell_kind::boolean, b ? 1 : 0); }
  void add_integer(std::int64_t i) { add_scalar(cell_kind::integer, i); }
  void add_real(double d) {
    cell& c = room_for_one();
    c.kind = cell_kind::real;
    c.real = d;
  }
  /// decimal (canonical digits), text, blob (raw bytes) or array (PostgreSQL's array text).
  void add_bytes(cell_kind kind, std::string_view bytes) {
    assert(!views_ && bytes.size() <= longest);
    cell& c = room_for_one();
    c.kind = kind;
    c.offset = bytes_.size();
    c.size = static_cast<std::uint32_t>(bytes.size());
    bytes_.append(bytes);
  }
  /// The same, where none of the block's bytes are copied: they stay where they are, and must be
  /// there for as long as the block is looked at. Its rows cannot be taken away one by one, nor
  /// copied to another process.
  void add_view(cell_kind kind, std::string_view bytes) {
    assert(bytes_.empty() && bytes.size() <= longest);
    cell& c = room_for_one();
    c.kind = kind;
    c.view = bytes.data();
    c.size = static_cast<std::uint32_t>(bytes.size());
    views_ = true;
  }

  /// Leaves the first rows.
  void cut(std::size_t rows) { cut_to(rows * columns_); }
  /// Leaves the first cells, of whole rows.
  void cut_to(std::size_t cells) {
    assert(!views_);
    for (std::size_t i = cells; i < count_; ++i) {
      if (cells_[i].kind < cell_kind::decimal) continue;
      bytes_.resize(cells_[i].offset);
      break;
    }
    count_ = std::min(count_, cells);
  }
  /// A copy of a cell of another block.
  void add_copy(const row_block& from, const cell& c);
  /// A value of its own; an array as PostgreSQL's text of it. Throws error{errc::migration} for a
  /// decimal that is none.
  void add_value(const value& v);

  /// The cells as they lie in memory, and all their bytes: for a copy in another process.
  [[nodiscard]] std::span<const cell> cells() const noexcept { return {cells_.data(), count_}; }
  [[nodiscard]] std::string_view all_bytes() const noexcept {
    assert(!views_);
    return bytes_;
  }
  /// Becomes such a copy. False, and nothing is in it, where the cells are not sound: not whole
  /// rows, of no known kind, or beyond the bytes.
  [[nodiscard]] bool assign(std::size_t columns, std::vector<cell> cells, std::string_view bytes);

  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  [[nodiscard]] std::size_t rows() const noexcept { return columns_ == 0 ? 0 : count_ / columns_; }
  /// How many cells they have, which is found without a division.
  [[nodiscard]] std::size_t cell_count() const noexcept { return count_; }
  [[nodiscard]] const cell& at(std::size_t row, std::size_t column) const noexcept {
    return cells_[row * columns_ + column];
  }
  /// The bytes of a decimal, text, blob or array cell; valid until the block changes.
  [[nodiscard]] std::string_view bytes(const cell& c) const noexcept {
    return {views_ ? c.view : bytes_.data() + c.offset, c.size};
  }
  /// How many bytes its texts have.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
  /// How many bytes its rows take, texts and all.
  [[nodiscard]] std::size_t held() const noexcept { return bytes_.size() + count_ * sizeof(cell); }
  /// How much memory it holds, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return bytes_.capacity() + cells_.capacity() * sizeof(cell);
  }

 private:
  static constexpr std::size_t longest = 0xFFFFFFFF;

  // The vector only grows: most rows come where others have been.
  cell& room_for_one() {
    if (count_ == cells_.size()) grow();
    return cells_[count_++];
  }
  void grow();
  void add_scalar(cell_kind kind, std::int64_t integer) {
    cell& c = room_for_one();
    c.kind = kind;
    c.integer = integer;
  }
  std::size_t columns_ = 0;
  std::vector<cell> cells_;
  std::size_t count_ = 0;  // of them, in use
  std::string bytes_;
  bool views_ = false;
};

/// One cell as a value of its own. An array's text is parsed (element kinds by `element`).
[[nodiscard]] value to_value(const row_block& block, const cell& c,
                             cell_kind element = cell_kind::text);

/// PostgreSQL's array text as values; a NULL element is null, a dimension more an array in the
/// array. Throws error{errc::sql} for an array whose first index is not 1.
[[nodiscard]] array parse_array(std::string_view text, cell_kind element);
/// And back: {"a","b",NULL}, every element quoted. Throws error{errc::sql} for an empty array in
/// it.
[[nodiscard]] std::string format_array(const array& a);

/// Throws for a cell that PostgreSQL would not take: error{errc::sql}, kind "invalid_value", for a
/// text with a NUL or bad UTF-8, error{errc::migration} for what is no decimal.
void check_postgres_cell(const row_block& block, const cell& c);

/// A column of a block as PostgreSQL's array text; an array in it as its text. Throws as
/// check_postgres_cell.
[[nodiscard]] std::string format_column(const row_block& block, std::size_t column);

/// A column of a result.
struct column {
  std::string name;
  cell_kind kind =
      cell_kind::text;  ///< what PostgreSQL declares; SQLite: of the declared type, else null
  cell_kind element = cell_kind::text;  ///< of an array
};

}  // namespace luamig::db
