#pragma once

#include <cstddef>
#include <lua.hpp>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/value.hpp"
#include "bindings/row_code.hpp"
#include "db/connection.hpp"
#include "db/rows.hpp"

namespace luamig::bindings {

/// The binary forms of columns that the list at `index` names; none where there is no list. Throws
/// error{errc::migration} for a word that is none.
[[nodiscard]] std::vector<db::binary_form> binary_forms_at(lua_State* L, int index);

/// Rows of one shape, gathered from Lua tables to be written together.
class gathered_block {
 public:
  /// How a table was read. odd: it has not just these columns; unstorable: a value in it is none
  /// that can be written.
  enum class reading { whole, odd, unstorable };

  /// Its columns are `leading` ones that the host fills, then those of the list of names at
  /// `index`, which must outlive the block.
  gathered_block(lua_State* L, std::size_t leading, int index);

  /// Reads the table at `index`. Where it is unstorable the column and the value are left on the
  /// stack. Throws error{errc::migration} for a number that may have lost digits.
  [[nodiscard]] reading read(lua_State* L, int index);
  /// The same of a row that the host itself has made; `places`: the column of each name, below 0
  /// where there is none. False: it is for Lua to say what is wrong with it, if anything is.
  [[nodiscard]] bool read(std::span<const row_code::field> fields, std::span<const int> places);
  /// The columns that are read.
  [[nodiscard]] std::span<const char* const> names() const noexcept { return keys_; }
  /// Adds what was read last, behind the leading cells of its row. The table is still there.
  void put();

  /// From now on a text for this column, of those read from Lua and counted from 0, is bytes; or
  /// those in an array are.
  void take_as_bytes(std::size_t column, bool in_array) {
    slots_.at(column).bytes = !in_array;
    slots_.at(column).byte_items = in_array;
  }

  db::row_block rows;
  db::tally affected;
  std::vector<db::binary_form> forms;  ///< of its columns; none: not all have one
  bool has_numbers = false;

  void clear() { rows.clear(width_); }
  /// As clear; what was sent is not waited for any more.
  void forget() {
    clear();
    affected = std::make_shared<std::int64_t>(0);
  }

 private:
  /// A value on its way from Lua. Texts lie in the table that is read.
  struct slot {
    enum class sort { none, null, boolean, integer, real, text, other } what = sort::none;
    bool bytes = false;       // a text for it is
    bool byte_items = false;  // those in an array for it are
    bool boolean = false;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view text;
    value other;
  };
  [[nodiscard]] bool take(lua_State* L, slot& into, std::string_view name);
  [[nodiscard]] bool take(const row_value& from, slot& into);
  [[nodiscard]] bool take_number(double n, slot& into);
  void put_cell(const slot& from);

  std::size_t width_;
  std::vector<const char*> keys_;  // as Lua keeps them
  std::vector<slot> slots_;
};

}  // namespace luamig::bindings
