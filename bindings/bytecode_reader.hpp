#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/opcode.hpp"

namespace luamig::bindings::bytecode {

// What lua_dump gives. The format stands in LuaJIT's lj_bcdump.h, the opcodes in lj_bc.h. Tests
// read functions of each sort, so that a LuaJIT with other numbers is noticed.

/// A value that stands in a dump.
struct constant {
  enum class sort : std::uint8_t { nil, no, yes, number, text } what = sort::nil;
  double number = 0;
  std::string_view text;
};

/// What a table that is written down begins with, but for its items.
struct table_constant {
  std::vector<std::pair<constant, constant>> fields;
  bool has_items = false;
};

/// One function. Those within it come before it, the last one right before.
struct prototype {
  bool takes_more = false;  ///< its last parameter is `…`
  std::size_t parameters = 0;
  std::size_t upvalues = 0;
  std::uint32_t objects = 0;
  std::string_view code;      ///< four bytes an instruction
  std::string_view captured;  ///< two bytes an upvalue
  std::uint32_t first_line = 0;
  std::uint32_t lines = 0;
  std::string_view debug;
  std::vector<std::string_view> texts;  ///< of its constants those that are texts, as the code
                                        ///< counts them
  std::map<std::size_t, table_constant> tables;  ///< the same of those that are tables
  std::vector<double> numbers;
  std::size_t children = 0;        ///< how many functions lie right in it
  std::size_t first_argument = 1;  ///< of a call, behind the register of its function

  [[nodiscard]] std::size_t size() const { return code.size() / 4; }
  [[nodiscard]] std::string_view instruction(std::size_t i) const { return code.substr(i * 4, 4); }
  [[nodiscard]] opcode opcode_of(std::size_t i) const {
    return static_cast<opcode>(instruction(i).front());
  }
  /// 0: not known.
  [[nodiscard]] std::uint32_t line_of(std::size_t instruction) const;
};

[[nodiscard]] std::uint32_t little_endian(std::string_view bytes);

/// The functions of a dump that is not stripped; none of another version than LuaJIT 2.1 writes.
/// They are pieces of the dump.
[[nodiscard]] std::vector<prototype> read(std::string_view dump);

}  // namespace luamig::bindings::bytecode
