#include "bindings/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/value.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

bool is_storable(std::string_view kind) {
  return kind == "null" || kind == "exact" || kind == "int64" || kind == "blob" || kind == "array";
}

}  // namespace

std::vector<db::binary_form> binary_forms_at(lua_State* L, int index) {
  using form = db::binary_form;
  constexpr std::array<std::pair<std::string_view, form>, 6> words{{{"int2", form::int2},
                                                                    {"int4", form::int4},
                                                                    {"int8", form::int8},
                                                                    {"text", form::text},
                                                                    {"boolean", form::boolean},
                                                                    {"bytea", form::bytea}}};
  std::vector<form> out;
  if (!lua_istable(L, index)) return out;
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
    lua_rawgeti(L, index, i);
    const std::string_view name = bytes_at(L, -1);
    const auto word = std::find_if(words.begin(), words.end(),
                                   [&](const auto& one) { return one.first == name; });
    if (word == words.end()) throw error{errc::migration, "a column has an unknown binary form"};
    out.push_back(word->second);
    lua_pop(L, 1);
  }
  return out;
}

gathered_block::gathered_block(lua_State* L, std::size_t leading, int index)
    : affected(std::make_shared<std::int64_t>(0)) {
  const auto count = index == 0 ? 0 : lua_objlen(L, index);
  keys_.reserve(count);
  for (std::size_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, index, static_cast<int>(i));
    keys_.push_back(lua_tostring(L, -1));
    lua_pop(L, 1);
  }
  slots_.resize(count);
  width_ = leading + count;
  clear();
}

// False: it may have lost digits.
bool gathered_block::take_number(double n, slot& into) {
  has_numbers = true;
  if (is_beyond_exact(n)) return false;
  const auto whole = as_whole(n);
  into.what = whole ? slot::sort::integer : slot::sort::real;
  into.integer = whole.value_or(0);
  into.real = n;
  return true;
}

bool gathered_block::take(const row_value& from, slot& into) {
  switch (from.what()) {
    case row_value::sort::null:
      into.what = slot::sort::null;
      return true;
    case row_value::sort::no:
    case row_value::sort::yes:
      into.what = slot::sort::boolean;
      into.boolean = from.is_true();
      return true;
    case row_value::sort::number:
      return std::isfinite(from.number()) && take_number(from.number(), into);
    case row_value::sort::text:
      into.what = slot::sort::text;
      into.text = from.text();
      return true;
    default:
      return false;
  }
}

bool gathered_block::take(lua_State* L, slot& into, std::string_view name) {
  using sort = slot::sort;
  switch (lua_type(L, -1)) {
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* const data = lua_tolstring(L, -1, &size);
      into.text = {data, size};
      into.what = sort::text;
      return true;
    }
    case LUA_TBOOLEAN:
      into.boolean = lua_toboolean(L, -1) != 0;
      into.what = sort::boolean;
      return true;
    case LUA_TNUMBER:
      if (take_number(lua_tonumber(L, -1), into)) return true;
      break;
    default:
      if (!is_storable(kind_of(L, -1))) return false;
  }
  into.other = to_value(L, -1, "'" + std::string(name) + "'");
  if (into.bytes || into.byte_items)
    make_bytes(into.other);
  else if (context::of(L).database().kind() == db::engine::postgresql)
    refuse_blob(into.other, name);
  into.what = sort::other;
  has_numbers = has_numbers || std::holds_alternative<std::int64_t>(into.other) ||
                std::holds_alternative<decimal>(into.other);
  return true;
}

void gathered_block::put_cell(const slot& from) {
  switch (from.what) {
    case slot::sort::none:
    case slot::sort::null:
      return rows.add_null();
    case slot::sort::boolean:
      return rows.add_boolean(from.boolean);
    case slot::sort::integer:
      return rows.add_integer(from.integer);
    case slot::sort::real:
      return rows.add_real(from.real);
    case slot::sort::text:
      return rows.add_bytes(from.bytes ? db::cell_kind::blob : db::cell_kind::text, from.text);
    case slot::sort::other:
      return rows.add_value(from.other);
  }
}

gathered_block::reading gathered_block::read(lua_State* L, int index) {
  std::size_t known = 0;
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    const char* const key = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : nullptr;
    std::size_t at = 0;
    while (at < keys_.size() && keys_[at] != key) ++at;
    if (at == keys_.size()) {
      lua_pop(L, 2);
      return reading::odd;
    }
    if (!take(L, slots_[at], key)) return reading::unstorable;
    ++known;
    lua_pop(L, 1);
  }
  return known == keys_.size() ? reading::whole : reading::odd;
}

bool gathered_block::read(std::span<const row_code::field> fields, std::span<const int> places) {
  if (fields.size() != keys_.size()) return false;
  for (const row_code::field& f : fields) {
    const int at = places[f.name];
    if (at < 0 || !take(f.value, slots_[static_cast<std::size_t>(at)])) return false;
  }
  return true;
}

void gathered_block::put() {
  for (const slot& s : slots_) put_cell(s);
}

}  // namespace luamig::bindings
