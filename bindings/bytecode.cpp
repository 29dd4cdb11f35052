#include "bindings/bytecode.hpp"

#include <map>
#include <vector>

#include "bindings/bytecode_reader.hpp"

namespace luamig::bindings {
namespace {

using bytecode::little_endian;
using bytecode::prototype;

constexpr std::uint8_t first_uset = 46;  // USETV, USETS, USETN, USETP
constexpr std::uint8_t last_uset = 49;
constexpr std::uint8_t gset = 55;

constexpr std::uint16_t captures_a_local = 0x8000;
constexpr std::uint16_t upvalue_mask = 0x3fff;

// What a prototype assigns outside of itself: the line of the first time.
struct assigned {
  std::map<std::uint16_t, std::uint32_t> upvalues;
  std::map<std::string_view, std::uint32_t> globals;
};

void read_code(const prototype& p, assigned& into) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    const std::string_view instruction = p.instruction(i);
    const auto opcode = static_cast<std::uint8_t>(instruction[0]);
    if (opcode >= first_uset && opcode <= last_uset)
      into.upvalues.emplace(static_cast<std::uint8_t>(instruction[1]), p.line_of(i));
    if (opcode == gset)
      into.globals.emplace(p.texts.at(little_endian(instruction.substr(2))), p.line_of(i));
  }
}

// What a function within assigns is assigned here, but for the locals of this one.
void add_child(const prototype& child, const assigned& of_child, assigned& into) {
  into.globals.insert(of_child.globals.begin(), of_child.globals.end());
  for (const auto& [upvalue, line] : of_child.upvalues) {
    const std::uint32_t from = little_endian(child.captured.substr(upvalue * 2U, 2));
    if ((from & captures_a_local) == 0)
      into.upvalues.emplace(static_cast<std::uint16_t>(from & upvalue_mask), line);
  }
}

outer_assignment first_of(const assigned& all) {
  outer_assignment first;
  for (const auto& [upvalue, line] : all.upvalues)
    if (!first.found || line < first.line) first = {upvalue, {}, line, true};
  for (const auto& [name, line] : all.globals)
    if (!first.found || line < first.line) first = {-1, name, line, true};
  return first;
}

}  // namespace

outer_assignment find_outer_assignment(std::string_view dump) {
  std::vector<std::pair<prototype, assigned>> done;
  for (prototype& p : bytecode::read(dump)) {
    assigned all;
    read_code(p, all);
    for (std::size_t i = 0; i < p.children; ++i) {
      add_child(done.back().first, done.back().second, all);
      done.pop_back();
    }
    done.emplace_back(std::move(p), std::move(all));
  }
  return done.empty() ? outer_assignment{} : first_of(done.back().second);
}

}  // namespace luamig::bindings
