#pragma once

#include <array>
#include <cstdint>
#include <lua.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/bytecode_reader.hpp"
#include "bindings/row_value.hpp"

namespace luamig::bindings {

/// A function on rows as the host can run it (row_machine.hpp): its instructions, and what the
/// names in it are now. Instructions that the host does not know stay in it; it ends there.
///
/// Read it anew for every run over rows: what its names mean may be another thing then.
class row_code {
 public:
  struct instruction {
    bytecode::opcode what{};
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    std::uint8_t c = 0;
    std::int32_t d = 0;  ///< of a jump: the instruction it leads to
  };
  struct field {
    std::uint16_t name = 0;
    row_value value;
  };
  /// What a table that is written down begins with.
  using fields = std::vector<field>;

  /// Reads the function at `index`, which has the environment of a migration. Its rows have these
  /// columns. Afterwards it `is_there`, unless the host can run no row of it: it takes any number
  /// of arguments or more than two, has a loop or a function in it, assigns what it has captured or
  /// a global, or has very many names. // -
  void read(lua_State* L, int index, std::span<const db::column> columns);
  /// What the function, the same one, has captured and what its globals are now: its calls may have
  /// changed that. // -
  void look_again(lua_State* L, int index);

  [[nodiscard]] bool is_there() const noexcept { return !code_.empty(); }
  [[nodiscard]] std::span<const instruction> code() const noexcept { return code_; }
  /// Of a call, behind the slot of its function.
  [[nodiscard]] std::size_t first_argument() const noexcept { return first_argument_; }
  [[nodiscard]] const row_value& text(std::size_t i) const { return texts_[i]; }
  [[nodiscard]] double number(std::size_t i) const { return numbers_[i]; }
  [[nodiscard]] const row_value& captured(std::size_t i) const { return captured_[i]; }
  [[nodiscard]] const row_value& global(std::size_t i) const { return globals_[i]; }
  /// Null: it has items.
  [[nodiscard]] const fields* table(std::size_t i) const {
    return tables_[i].second ? &tables_[i].first : nullptr;
  }
  /// Every text of the code once; their places are the `name` of a field.
  [[nodiscard]] std::span<const std::string_view> names() const noexcept { return names_; }
  /// The rows' column of this name; below 0: none, or two.
  [[nodiscard]] int column(std::size_t name) const { return columns_[name]; }
  [[nodiscard]] row_word member(std::size_t of, std::size_t name) const {
    return members_[of][name];
  }

 private:
  enum module : std::uint8_t { text_module, json_module, modules };

  bool take(std::string_view dump);
  void take_instruction(const bytecode::prototype& p, std::size_t i);
  bool take_constants(const bytecode::prototype& p);
  std::uint16_t name(std::string_view text);
  row_value value(const bytecode::constant& c);
  void find_columns(std::span<const db::column> columns);
  void find_captured(lua_State* L, int index);
  void find_globals(lua_State* L, int index);
  row_value find_global(lua_State* L, const char* name);
  void find_members(lua_State* L, module of);

  std::string dump_;
  std::size_t first_argument_ = 1;
  std::size_t upvalues_ = 0;
  std::vector<instruction> code_;
  std::vector<row_value> texts_;  // by the number of the constant, and so on
  std::vector<row_value> globals_;
  std::vector<std::pair<fields, bool>> tables_;
  std::vector<double> numbers_;
  std::vector<row_value> captured_;
  std::vector<std::string_view> names_;
  std::vector<int> columns_;  // by name, and so on
  std::array<std::vector<row_word>, modules> members_;
};

}  // namespace luamig::bindings
