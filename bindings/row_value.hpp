#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/number.hpp"
#include "bindings/exact.hpp"
#include "db/rows.hpp"

namespace luamig::bindings {

/// What the host itself knows to do in a function on rows, as the word of that name does it.
enum class row_word : std::uint8_t {
  none,
  text_lower,
  text_upper,
  text_len,
  text_truncate,
  json_at,
  string_lower,
  string_upper,
  string_sub,
  string_len,
  is_null,
  coalesce,
  out_insert,
};

/// A value of a function on rows while the host runs it (row_machine.hpp). A text is not its own:
/// its bytes lie in the row, in the function, or in the machine's room.
///
/// It is two words, each of them written and copied as one: a processor that loads as a whole what
/// it has just stored in parts waits for the stores, which was a quarter of the machine's time.
class row_value {
 public:
  enum class sort : std::uint8_t {
    nil,
    no,
    yes,
    null,
    number,
    text,
    row,
    out,
    module,
    word,
    table,
    unknown,  ///< what only Lua has, and is true there; as an answer: Lua has to give it
  };

  /// nil
  row_value() = default;
  row_value(const row_value&) = default;
  row_value& operator=(const row_value& v) noexcept {
    head_ = v.head_;
    tail_ = v.tail_;
    return *this;
  }
  ~row_value() = default;

  [[nodiscard]] static row_value of(sort what) { return {static_cast<std::uint64_t>(what), 0}; }
  [[nodiscard]] static row_value of(bool b) { return of(b ? sort::yes : sort::no); }
  [[nodiscard]] static row_value of(double n) {
    return {static_cast<std::uint64_t>(sort::number), std::bit_cast<std::uint64_t>(n)};
  }
  /// Unknown where the text has 4 GB or more.
  [[nodiscard]] static row_value of(std::string_view text) {
    if (text.size() > 0xFFFFFFFF) return of(sort::unknown);
    return {static_cast<std::uint64_t>(sort::text) | text.size() << size_at,
            reinterpret_cast<std::uintptr_t>(text.data())};
  }
  [[nodiscard]] static row_value of(row_word word) {
    return {static_cast<std::uint64_t>(sort::word) | static_cast<std::uint64_t>(word) << word_at,
            0};
  }
  /// A table or module of that number.
  [[nodiscard]] static row_value of(sort what, std::uint16_t number) {
    return of(what).with_index(number);
  }
  /// As the code counts them: nil, false, true.
  [[nodiscard]] static row_value constant(std::size_t number) {
    return of(number == 0 ? sort::nil : number == 1 ? sort::no : sort::yes);
  }
  /// The same, which has no index yet, with one.
  [[nodiscard]] row_value with_index(std::uint16_t index) const {
    return {head_ | static_cast<std::uint64_t>(index) << index_at, tail_};
  }

  [[nodiscard]] sort what() const { return static_cast<sort>(head_ & 0xFFU); }
  [[nodiscard]] row_word word() const { return static_cast<row_word>(head_ >> word_at & 0xFFU); }
  /// Of a table or module; of a constant text its name's, from 1.
  [[nodiscard]] std::uint16_t index() const {
    return static_cast<std::uint16_t>(head_ >> index_at);
  }
  [[nodiscard]] double number() const { return std::bit_cast<double>(tail_); }
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(static_cast<std::uintptr_t>(tail_)), head_ >> size_at};
  }
  [[nodiscard]] bool is_true() const { return what() > sort::no; }
  [[nodiscard]] bool is_nothing() const { return what() == sort::nil || what() == sort::null; }
  [[nodiscard]] bool is_known() const { return what() != sort::unknown; }
  /// A number that is an integer which Lua prints digit by digit.
  [[nodiscard]] bool is_short_integer() const {
    if (what() != sort::number) return false;
    const auto whole = as_whole(number());
    return whole && is_plain(*whole);
  }

 private:
  static constexpr unsigned word_at = 8;  // bits of the head, from the lowest: the sort, …
  static constexpr unsigned index_at = 16;
  static constexpr unsigned size_at = 32;  // of a text, in bytes

  row_value(std::uint64_t head, std::uint64_t tail) : head_(head), tail_(tail) {}

  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;  // the number, or where the text begins
};

/// As push_cell would push it; unknown for what becomes no plain value of Lua.
[[nodiscard]] inline row_value value_of(const db::row_block& block, const db::cell& cell) {
  using sort = row_value::sort;
  switch (cell.kind) {
    case db::cell_kind::null:
      return row_value::of(sort::nil);
    case db::cell_kind::boolean:
      return row_value::of(cell.integer != 0);
    case db::cell_kind::integer:
      if (!is_plain(cell.integer)) break;
      return row_value::of(static_cast<double>(cell.integer));
    case db::cell_kind::real:
      return row_value::of(cell.real);
    case db::cell_kind::text:
    case db::cell_kind::blob:
      return row_value::of(block.bytes(cell));
    default:
      break;
  }
  return row_value::of(sort::unknown);
}

}  // namespace luamig::bindings
