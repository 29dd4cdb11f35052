#include "bindings/row_machine.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <exception>

namespace luamig::bindings {
namespace {

using bytecode::opcode;
using sort = row_value::sort;

constexpr std::size_t most_fields = 200;  // of a table

double modulo(double a, double b) { return a - std::floor(a / b) * b; }

row_word word_of_string(std::string_view name) {
  if (name == "lower") return row_word::string_lower;
  if (name == "upper") return row_word::string_upper;
  if (name == "sub") return row_word::string_sub;
  if (name == "len") return row_word::string_len;
  return row_word::none;
}

}  // namespace

// Of one value.
bool row_machine::calculate_one(const instruction& one) {
  const row_value& v = slots_[static_cast<std::size_t>(one.d)];
  switch (one.what) {
    case opcode::negate_truth:
      slots_[one.a] = row_value::of(!v.is_true());
      return true;
    case opcode::negate:
      if (v.what() != sort::number) return false;
      slots_[one.a] = row_value::of(-v.number());
      return true;
    case opcode::length:
      if (v.what() != sort::text) return false;
      slots_[one.a] = row_value::of(static_cast<double>(v.text().size()));
      return true;
    default:
      return false;
  }
}

bool row_machine::calculate(const step& s, const instruction& one) {
  if (one.what < opcode::add_constant || one.what > opcode::modulo) return calculate_one(one);
  const auto number = static_cast<std::uint8_t>(one.what);
  const bool constant_last = one.what < opcode::constant_add;
  const bool constant_first = !constant_last && one.what < opcode::add;
  const row_value fixed =
      constant_last || constant_first ? row_value::of(s.code.number(one.c)) : slots_[one.c];
  const row_value& left = constant_first ? fixed : slots_[one.b];
  const row_value& right = constant_first ? slots_[one.b] : fixed;
  if (left.what() != sort::number || right.what() != sort::number) return false;
  const double a = left.number();
  const double b = right.number();
  constexpr std::uint8_t kinds = 5;
  const std::array<double, kinds> results{a + b, a - b, a * b, a / b, modulo(a, b)};
  slots_[one.a] =
      row_value::of(results[(number - static_cast<std::uint8_t>(opcode::add_constant)) % kinds]);
  return true;
}

bool row_machine::concatenate(const instruction& one) {
  constexpr std::size_t most_digits = 16;
  std::size_t size = 0;
  for (std::size_t i = one.b; i <= one.c; ++i) {
    const row_value& v = slots_[i];
    if (v.what() != sort::text && !v.is_short_integer()) return false;
    size += v.what() == sort::text ? v.text().size() : most_digits;
  }
  char* const begin = words_.room(size);
  if (begin == nullptr) return false;
  char* end = begin;
  for (std::size_t i = one.b; i <= one.c; ++i) {
    const row_value& v = slots_[i];
    if (v.what() == sort::text) {
      const std::string_view text = v.text();
      std::memcpy(end, text.data(), text.size());
      end += text.size();
    } else {
      end = std::to_chars(end, end + most_digits, static_cast<std::int64_t>(v.number())).ptr;
    }
  }
  slots_[one.a] = row_value::of(std::string_view(begin, static_cast<std::size_t>(end - begin)));
  return true;
}

inline bool row_machine::get_field(const step& s, const instruction& one) {
  const row_value& of = slots_[one.b];
  const row_value& key = s.code.text(one.c);
  row_word word = row_word::none;
  switch (of.what()) {
    case sort::row: {
      const int column = s.code.column(key.index() - 1U);
      if (column < 0) return false;
      slots_[one.a] = value_of(s.block, s.block.at(s.row, static_cast<std::size_t>(column)));
      return true;
    }
    case sort::module:
      word = s.code.member(of.index(), key.index() - 1U);
      break;
    case sort::text:
      word = word_of_string(key.text());
      break;
    case sort::out:
      if (key.text() == "insert") word = row_word::out_insert;
      break;
    default:
      break;
  }
  slots_[one.a] = row_value::of(word);
  return word != row_word::none;
}

bool row_machine::new_table(const instruction& one, const row_code::fields* begin) {
  if (table_count_ == is_given_.size()) return false;
  if (table_count_ == tables_.size()) tables_.emplace_back();
  row_code::fields& fields = tables_[table_count_];
  fields.clear();
  if (begin != nullptr) fields = *begin;
  is_given_[table_count_] = false;
  slots_[one.a] = row_value::of(sort::table, static_cast<std::uint16_t>(table_count_++));
  return true;
}

inline bool row_machine::set_field(const step& s, const instruction& one) {
  const row_value& table = slots_[one.b];
  if (table.what() != sort::table || is_given_[table.index()]) return false;
  row_code::fields& fields = tables_[table.index()];
  const auto name = static_cast<std::uint16_t>(s.code.text(one.c).index() - 1U);
  for (row_code::field& f : fields) {
    if (f.name == name) return f.value = slots_[one.a], true;
  }
  if (fields.size() == most_fields) return false;
  row_code::field& added = fields.emplace_back();
  added.name = name;
  added.value = slots_[one.a];
  return true;
}

// out, table, row
bool row_machine::insert(std::span<const row_value> arguments) {
  if (arguments.size() != 3 || arguments[0].what() != sort::out ||
      arguments[1].what() != sort::text || arguments[2].what() != sort::table)
    return false;
  inserts_.push_back({arguments[1].text(), arguments[2]});
  is_given_[arguments[2].index()] = true;
  return true;
}

inline bool row_machine::call(const step& s, std::size_t function, std::size_t count) {
  const row_value called = slots_[function];
  if (called.what() != sort::word) return false;
  const std::size_t first = function + s.code.first_argument();
  if (first + count > slots_.size()) return false;
  const std::span<const row_value> arguments(&slots_[first], count);
  if (called.word() == row_word::out_insert) {
    slots_[function] = row_value::of(sort::nil);
    return insert(arguments);
  }
  slots_[function] = words_.call(called.word(), arguments, s);
  return slots_[function].is_known();
}

bool row_machine::give(std::size_t first, std::size_t count) {
  given_ = std::span<const row_value>(slots_).subspan(first, count);
  return true;
}

bool row_machine::go(const step& s) {
  const auto code = s.code.code();
  for (std::size_t at = 0; at < code.size(); ++at) {
    const instruction& one = code[at];
    row_value& to = slots_[one.a];
    const auto d = static_cast<std::size_t>(one.d);
    switch (one.what) {
      case opcode::text:
        to = s.code.text(d);
        break;
      case opcode::get_field:
        if (!get_field(s, one)) return false;
        break;
      case opcode::set_field:
        if (!set_field(s, one)) return false;
        break;
      case opcode::get_global:
        to = s.code.global(d);
        if (!to.is_known()) return false;
        break;
      case opcode::move:
        to = slots_[d];
        break;
      case opcode::call:
        if (one.b == 0 || one.c == 0 || !call(s, one.a, one.c - 1U)) return false;
        for (std::size_t i = 1; i + 1 < one.b; ++i) slots_[one.a + i] = row_value::of(sort::nil);
        break;
      case opcode::concatenate:
        if (!concatenate(one)) return false;
        break;
      case opcode::short_integer:
        to = row_value::of(static_cast<double>(static_cast<std::int16_t>(one.d)));
        break;
      case opcode::number:
        to = row_value::of(s.code.number(d));
        break;
      case opcode::constant:
        to = row_value::constant(d);
        break;
      case opcode::nils:
        for (std::size_t i = one.a; i <= d; ++i) slots_[i] = row_value::of(sort::nil);
        break;
      case opcode::get_captured:
        to = s.code.captured(d);
        break;
      case opcode::new_table:
        if (!new_table(one, nullptr)) return false;
        break;
      case opcode::copy_table:
        if (s.code.table(d) == nullptr || !new_table(one, s.code.table(d))) return false;
        break;
      case opcode::jump:
        at = d - 1;
        break;
      case opcode::give_none:
        return give(0, 0);
      case opcode::give_one:
        return give(one.a, 1);
      case opcode::give_all:
        return give(one.a, d - 1);
      case opcode::call_and_return:
        return call(s, one.a, d - 1) && give(one.a, 1);
      default: {
        if (one.what > opcode::if_false) {
          if (!calculate(s, one)) return false;
          break;
        }
        // What a jump follows.
        const auto yes = holds(s, one);
        if (!yes || ++at == code.size()) return false;
        if (*yes) at = static_cast<std::size_t>(code[at].d) - 1;
      }
    }
  }
  return false;
}

bool row_machine::run(const row_code& code, const db::row_block& block, std::size_t row,
                      bool has_out) {
  if (!code.is_there() || has_given_up()) return false;
  ++tried_;
  words_.begin();
  table_count_ = 0;
  inserts_.clear();
  slots_[0] = row_value::of(sort::row);
  slots_[1] = row_value::of(has_out ? sort::out : sort::nil);
  try {
    if (go({code, block, row})) return true;
  } catch (const std::exception&) {
    // Lua comes to it too, and says where.
  }
  leave();
  return false;
}

}  // namespace luamig::bindings
