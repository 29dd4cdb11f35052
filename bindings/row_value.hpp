#pragma once

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
struct row_value {
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
    unknown,  ///< what only Lua has, and is true there
  };

  sort what = sort::nil;
  row_word word = row_word::none;
  std::uint16_t index = 0;  ///< of a table or module; of a constant text its name's, from 1
  std::uint32_t size = 0;   ///< of a text, in bytes
  union {
    double number = 0;
    const char* bytes;
  };

  [[nodiscard]] static row_value of(sort what) {
    row_value v;
    v.what = what;
    return v;
  }
  [[nodiscard]] static row_value of(bool b) { return of(b ? sort::yes : sort::no); }
  [[nodiscard]] static row_value of(double n) {
    row_value v = of(sort::number);
    v.number = n;
    return v;
  }
  /// Unknown where the text has 4 GB or more.
  [[nodiscard]] static row_value of(std::string_view text) {
    if (text.size() > 0xFFFFFFFF) return of(sort::unknown);
    row_value v = of(sort::text);
    v.bytes = text.data();
    v.size = static_cast<std::uint32_t>(text.size());
    return v;
  }
  [[nodiscard]] static row_value of(row_word word) {
    row_value v = of(sort::word);
    v.word = word;
    return v;
  }

  /// As the code counts them: nil, false, true.
  [[nodiscard]] static row_value constant(std::size_t number) {
    return of(number == 0 ? sort::nil : number == 1 ? sort::no : sort::yes);
  }

  [[nodiscard]] std::string_view text() const { return {bytes, size}; }
  [[nodiscard]] bool is_true() const { return what > sort::no; }
  [[nodiscard]] bool is_nothing() const { return what == sort::nil || what == sort::null; }
  /// A number that is an integer which Lua prints digit by digit.
  [[nodiscard]] bool is_short_integer() const {
    const auto whole = as_whole(number);
    return what == sort::number && whole && is_plain(*whole);
  }
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
