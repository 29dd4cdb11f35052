// What a function on rows compares and asks for, run by the host.
#include "bindings/row_machine.hpp"

namespace luamig::bindings {
namespace {

using bytecode::opcode;
using sort = row_value::sort;

// Whether two values are the same one, as Lua sees it; nothing where that is not known here.
std::optional<bool> same(const row_value& one, const row_value& other) {
  if (one.what() > sort::text || other.what() > sort::text) return std::nullopt;
  if (one.what() != other.what()) return false;
  if (one.what() == sort::number) return one.number() == other.number();
  if (one.what() == sort::text) return one.text() == other.text();
  return true;
}

std::optional<bool> less(const row_value& one, const row_value& other, bool or_same) {
  if (one.what() == sort::number && other.what() == sort::number)
    return or_same ? one.number() <= other.number() : one.number() < other.number();
  if (one.what() == sort::text && other.what() == sort::text)
    return or_same ? one.text() <= other.text() : one.text() < other.text();
  return std::nullopt;
}

std::optional<bool> negated(std::optional<bool> b) { return b ? std::optional(!*b) : b; }

}  // namespace

// Whether what it compares or asks for holds.
std::optional<bool> row_machine::holds(const step& s, const instruction& one) {
  const row_value& a = slots_[one.a];
  const auto d = static_cast<std::size_t>(one.d);
  switch (one.what) {
    case opcode::is_less:
      return less(a, slots_[d], false);
    case opcode::is_not_less:
      return negated(less(a, slots_[d], false));
    case opcode::is_not_more:
      return less(a, slots_[d], true);
    case opcode::is_more:
      return negated(less(a, slots_[d], true));
    case opcode::is_same:
      return same(a, slots_[d]);
    case opcode::is_other:
      return negated(same(a, slots_[d]));
    case opcode::is_text:
      return same(a, s.code.text(d));
    case opcode::is_no_text:
      return negated(same(a, s.code.text(d)));
    case opcode::is_number:
      return same(a, row_value::of(s.code.number(d)));
    case opcode::is_no_number:
      return negated(same(a, row_value::of(s.code.number(d))));
    case opcode::is_constant:
      return same(a, row_value::constant(d));
    case opcode::is_no_constant:
      return negated(same(a, row_value::constant(d)));
    case opcode::copy_if_true:
    case opcode::copy_if_false:
      if (slots_[d].is_true() != (one.what == opcode::copy_if_true)) return false;
      slots_[one.a] = slots_[d];
      return true;
    case opcode::if_true:
      return slots_[d].is_true();
    case opcode::if_false:
      return !slots_[d].is_true();
    default:
      return std::nullopt;
  }
}

}  // namespace luamig::bindings
