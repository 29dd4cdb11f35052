#include "bindings/bytecode.hpp"

#include <array>
#include <map>
#include <vector>

#include "bindings/bytecode_reader.hpp"

namespace luamig::bindings {
namespace {

using bytecode::little_endian;
using bytecode::opcode;
using bytecode::prototype;

constexpr std::uint16_t captures_a_local = 0x8000;
constexpr std::uint16_t upvalue_mask = 0x3fff;

// What a prototype assigns, or changes, outside of itself: the line of the first time.
struct assigned {
  std::map<std::uint16_t, std::uint32_t> upvalues;
  std::map<std::string_view, std::uint32_t> globals;
};

// Follows what registers hold that comes from outside, in the order in which the code stands.
class change_reader {
 public:
  change_reader(const prototype& p, assigned& into) : p_(p), into_(into) {}

  void read(std::size_t at) {
    const std::string_view code = p_.instruction(at);
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(code[i]); };
    const std::uint8_t a = byte(1);
    switch (const opcode what = p_.opcode_of(at)) {
      case opcode::move:
        held_[a] = held_[byte(2)];
        return;
      case opcode::get_captured:
        held_[a] = {.kind = held::outer, .upvalue = byte(2)};
        return;
      case opcode::get_global:
        return take_global(a, p_.texts.at(little_endian(code.substr(2))));
      case opcode::get_by_value:
      case opcode::get_field:
      case opcode::get_item:
      case opcode::get_raw:
        return take_field(a, held_[byte(3)],
                          what == opcode::get_field ? p_.texts.at(byte(2)) : std::string_view());
      case opcode::set_by_value:
      case opcode::set_field:
      case opcode::set_item:
      case opcode::set_raw:
        return change(held_[byte(3)], at);
      case opcode::set_items:
        return change(held_[a - 1U], at);
      default:
        if (what >= opcode::call_more && what <= opcode::call_and_return) call(a, at);
        if (takes_all(what)) return forget(a, held_.size());
        if (writes(what)) forget(a, what == opcode::nils ? byte(2) + 1U : a + 1U);
    }
  }

 private:
  // What is in a register.
  struct held {
    enum { nothing, outer, changer } kind = nothing;
    int upvalue = -1;  // of what is from outside; -1: a global
    std::string_view global{};
  };

  // Registers from A on.
  static bool takes_all(opcode what) {
    return (what >= opcode::call_more && what <= opcode::check_next) ||
           (what >= opcode::first_loop && what <= opcode::last_iteration);
  }
  static bool writes(opcode what) {
    return what == opcode::copy_if_true || what == opcode::copy_if_false ||
           (what >= opcode::move && what <= opcode::get_captured) ||
           (what > opcode::end_captured && what <= opcode::copy_table);
  }

  void forget(std::size_t first, std::size_t end) {
    for (std::size_t i = first; i < end && i < held_.size(); ++i) held_[i] = {};
  }

  void take_global(std::uint8_t a, std::string_view name) {
    held_[a] = {.kind = name == "rawset" ? held::changer : held::outer, .global = name};
  }

  void take_field(std::uint8_t a, const held& of, std::string_view name) {
    const bool is_library = of.kind == held::outer && of.upvalue < 0 && of.global == "table";
    const bool changes = name == "insert" || name == "remove" || name == "sort";
    const held out = is_library && changes ? held{.kind = held::changer} : of;
    held_[a] = out;
  }

  void change(const held& of, std::size_t at) {
    if (of.kind != held::outer) return;
    if (of.upvalue < 0)
      into_.globals.emplace(of.global, p_.line_of(at));
    else
      into_.upvalues.emplace(static_cast<std::uint16_t>(of.upvalue), p_.line_of(at));
  }

  void call(std::uint8_t a, std::size_t at) {
    const std::size_t first = a + p_.first_argument;
    if (held_[a].kind == held::changer && first < held_.size()) change(held_[first], at);
  }

  const prototype& p_;
  assigned& into_;
  std::array<held, 256> held_{};
};

void read_changes(const prototype& p, assigned& into) {
  change_reader reader(p, into);
  for (std::size_t i = 0; i < p.size(); ++i) reader.read(i);
}

void read_code(const prototype& p, assigned& into) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    const std::string_view instruction = p.instruction(i);
    const opcode what = p.opcode_of(i);
    if (what >= opcode::set_captured && what <= opcode::set_captured_last)
      into.upvalues.emplace(static_cast<std::uint8_t>(instruction[1]), p.line_of(i));
    if (what == opcode::set_global)
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

outer_assignment find_first(std::string_view dump, void (*read_one)(const prototype&, assigned&)) {
  std::vector<std::pair<prototype, assigned>> done;
  for (prototype& p : bytecode::read(dump)) {
    assigned all;
    read_one(p, all);
    for (std::size_t i = 0; i < p.children; ++i) {
      add_child(done.back().first, done.back().second, all);
      done.pop_back();
    }
    done.emplace_back(std::move(p), std::move(all));
  }
  return done.empty() ? outer_assignment{} : first_of(done.back().second);
}

}  // namespace

outer_assignment find_outer_assignment(std::string_view dump) {
  return find_first(dump, read_code);
}

outer_assignment find_outer_change(std::string_view dump) { return find_first(dump, read_changes); }

}  // namespace luamig::bindings
