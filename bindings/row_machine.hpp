#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "bindings/row_code.hpp"
#include "bindings/row_words.hpp"

namespace luamig::bindings {

/// Runs a function on rows without Lua, as far as it only looks at columns, compares, calculates,
/// joins texts and uses a few words: then no text becomes a Lua value, which is most of what a row
/// costs. Such a function is pure, so nothing is lost where the host comes to anything else, an
/// error too: it leaves the row, and Lua runs the function for it from its beginning.
class row_machine {
 public:
  /// What a function asks `out` for.
  struct inserted {
    std::string_view table;
    row_value row;
  };

  /// Runs it for a row. False: it is Lua's to run. `has_out`: the function's second argument.
  [[nodiscard]] bool run(const row_code& code, const db::row_block& block, std::size_t row,
                         bool has_out);
  /// What it gave, until the next run; a nil in it stands in no row of `fields`.
  [[nodiscard]] std::span<const row_value> given() const noexcept { return given_; }
  [[nodiscard]] std::span<const inserted> inserts() const noexcept { return inserts_; }
  [[nodiscard]] std::span<const row_code::field> fields(const row_value& table) const {
    return tables_[table.index()];
  }
  /// What it gave is nothing that the host can take: the row was Lua's.
  void leave() noexcept { ++left_; }
  /// Not worth another try: too many rows were Lua's.
  [[nodiscard]] bool has_given_up() const noexcept { return left_ > 32 && left_ * 4 > tried_; }

 private:
  using step = row_words::stand;
  using instruction = row_code::instruction;

  bool go(const step& s);
  std::optional<bool> holds(const step& s, const instruction& one);
  bool calculate(const step& s, const instruction& one);
  bool calculate_one(const instruction& one);
  bool concatenate(const instruction& one);
  bool get_field(const step& s, const instruction& one);
  bool set_field(const step& s, const instruction& one);
  bool new_table(const instruction& one, const row_code::fields* begin);
  bool call(const step& s, std::size_t function, std::size_t count);
  bool insert(std::span<const row_value> arguments);
  bool give(std::size_t first, std::size_t count);

  std::array<row_value, 256> slots_;
  row_words words_;
  std::vector<row_code::fields> tables_;
  std::array<bool, 64> is_given_{};  // of the tables: to out:insert, which has looked at it
  std::size_t table_count_ = 0;
  std::vector<inserted> inserts_;
  std::span<const row_value> given_;
  std::size_t tried_ = 0;
  std::size_t left_ = 0;
};

}  // namespace luamig::bindings
