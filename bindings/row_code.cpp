#include "bindings/row_code.hpp"

#include <algorithm>

#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "bindings/json.hpp"
#include "bindings/text_words.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

using bytecode::opcode;

constexpr std::int32_t jump_zero = 0x8000;
constexpr std::size_t most_names = 500;

int append(lua_State*, const void* bytes, std::size_t size, void* to) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return 0;
}

bool is_jump(opcode what) { return what == opcode::jump; }

// What the host does not follow at all. An assignment would go past what it knows of the rest.
bool is_strange(opcode what) {
  return (what >= opcode::first_loop && what <= opcode::last_loop) ||
         (what >= opcode::set_captured && what <= opcode::new_function) ||
         what == opcode::set_global;
}

// A word that is a function of C.
struct known {
  const char* name;
  lua_CFunction function;
  row_word word;
};

constexpr std::array<known, 4> text_words{{
    {"lower", guarded<core_text_lower>, row_word::text_lower},
    {"upper", guarded<core_text_upper>, row_word::text_upper},
    {"len", guarded<core_text_len>, row_word::text_len},
    {"truncate", guarded<core_text_truncate>, row_word::text_truncate},
}};
constexpr std::array<known, 1> json_words{{{"at", guarded<core_json_at>, row_word::json_at}}};

// The table on top, which may be a way into another one: its member, without asking any function of
// Lua. table -> table, member?
void push_member(lua_State* L, const char* name) {
  constexpr int most_tables = 4;
  const int top = lua_gettop(L);
  lua_pushvalue(L, top);
  for (int i = 0; i < most_tables && lua_istable(L, -1); ++i) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    if (!lua_isnil(L, -1)) break;
    lua_pop(L, 1);
    if (lua_getmetatable(L, -1) == 0) break;
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
  }
  const bool found = lua_gettop(L) > top + 1 && !lua_isnil(L, -1);
  if (!found) lua_pushnil(L);
  lua_replace(L, top + 1);
  lua_settop(L, top + 1);
}

row_value plain_value(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNIL:
      return row_value::of(row_value::sort::nil);
    case LUA_TBOOLEAN:
      return row_value::of(lua_toboolean(L, index) != 0);
    case LUA_TNUMBER:
      return row_value::of(lua_tonumber(L, index));
    case LUA_TSTRING:
      return row_value::of(bytes_at(L, index));
    default:
      break;
  }
  push(L, context::of(L).refs.null);
  const bool is_null = lua_rawequal(L, -1, index < 0 ? index - 1 : index) != 0;
  lua_pop(L, 1);
  return row_value::of(is_null ? row_value::sort::null : row_value::sort::unknown);
}

}  // namespace

std::uint16_t row_code::name(std::string_view text) {
  const auto found = std::find(names_.begin(), names_.end(), text);
  const auto place = found - names_.begin();
  if (found == names_.end()) names_.push_back(text);
  return static_cast<std::uint16_t>(place);
}

row_value row_code::value(const bytecode::constant& c) {
  using sort = bytecode::constant::sort;
  switch (c.what) {
    case sort::nil:
      return row_value::of(row_value::sort::nil);
    case sort::no:
    case sort::yes:
      return row_value::of(c.what == sort::yes);
    case sort::number:
      return row_value::of(c.number);
    case sort::text:
      break;
  }
  return row_value::of(c.text).with_index(static_cast<std::uint16_t>(name(c.text) + 1));
}

// False: there are too many names.
bool row_code::take_constants(const bytecode::prototype& p) {
  numbers_ = p.numbers;
  tables_.resize(p.objects);
  for (std::size_t i = 0; i < p.objects && names_.size() <= most_names; ++i) {
    texts_.push_back(value({bytecode::constant::sort::text, 0, p.texts[i]}));
    const auto table = p.tables.find(i);
    if (table == p.tables.end()) continue;
    tables_[i].second = !table->second.has_items;
    for (const auto& [key, of_key] : table->second.fields) {
      if (names_.size() > most_names) return false;
      if (key.what != bytecode::constant::sort::text) tables_[i].second = false;
      tables_[i].first.push_back({name(key.text), value(of_key)});
    }
  }
  return names_.size() <= most_names;
}

void row_code::take_instruction(const bytecode::prototype& p, std::size_t i) {
  const std::string_view bytes = p.instruction(i);
  const auto at = [&](std::size_t n) { return static_cast<std::uint8_t>(bytes[n]); };
  instruction one{p.opcode_of(i), at(1), at(3), at(2),
                  static_cast<std::int32_t>(bytecode::little_endian(bytes.substr(2)))};
  if (is_jump(one.what)) one.d += static_cast<std::int32_t>(i) + 1 - jump_zero;
  code_.push_back(one);
}

// Whether the host can run it at all.
bool row_code::take(std::string_view dump) {
  const std::vector<bytecode::prototype> all = bytecode::read(dump);
  if (all.empty() || all.back().takes_more || all.back().parameters > 2) return false;
  const bytecode::prototype& p = all.back();
  upvalues_ = p.upvalues;
  first_argument_ = p.first_argument;
  if (!take_constants(p)) return false;
  for (std::size_t i = 0; i < p.size(); ++i) {
    take_instruction(p, i);
    const instruction& one = code_.back();
    const auto end = static_cast<std::int32_t>(p.size());
    if (is_strange(one.what)) return false;
    if (is_jump(one.what) && (one.d <= static_cast<std::int32_t>(i) || one.d >= end)) return false;
  }
  return true;
}

void row_code::find_columns(std::span<const db::column> columns) {
  columns_.assign(names_.size(), -1);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto named = std::find(names_.begin(), names_.end(), columns[i].name);
    if (named == names_.end()) continue;
    int& place = columns_[static_cast<std::size_t>(named - names_.begin())];
    place = place == -1 ? static_cast<int>(i) : -2;
  }
}

void row_code::look_again(lua_State* L, int index) {
  if (!is_there()) return;
  find_captured(L, index);
  find_globals(L, index);
}

void row_code::find_captured(lua_State* L, int index) {
  captured_.assign(upvalues_, row_value::of(row_value::sort::unknown));
  for (std::size_t i = 1; i <= upvalues_; ++i) {
    if (lua_getupvalue(L, index, static_cast<int>(i)) == nullptr) return;
    captured_[i - 1] = plain_value(L, -1);
    lua_pop(L, 1);
  }
}

// module
void row_code::find_members(lua_State* L, module of) {
  const auto known_words =
      of == text_module ? std::span<const known>(text_words) : std::span<const known>(json_words);
  for (const known& one : known_words) {
    push_member(L, one.name);
    const bool is_it = lua_tocfunction(L, -1) == one.function;
    lua_pop(L, 1);
    const auto named = std::find(names_.begin(), names_.end(), one.name);
    if (is_it && named != names_.end())
      members_[of][static_cast<std::size_t>(named - names_.begin())] = one.word;
  }
}

// environment
row_value row_code::find_global(lua_State* L, const char* name) {
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  const bool is_own = !lua_isnil(L, -1);  // a module's, or the file's own value
  lua_pop(L, 1);
  push_member(L, name);  // environment, value
  row_value found = row_value::of(row_value::sort::unknown);
  const std::string_view called = name;
  if (lua_istable(L, -1) && (called == "text" || called == "json")) {
    const module of = called == "text" ? text_module : json_module;
    found = row_value::of(row_value::sort::module, of);
    find_members(L, of);
  } else if (lua_tocfunction(L, -1) == guarded<core_is_null>) {
    found = row_value::of(row_word::is_null);
  } else if (called == "coalesce" && lua_isfunction(L, -1) && !is_own) {
    found = row_value::of(row_word::coalesce);
  } else if (called == "null" && lua_isuserdata(L, -1)) {
    found = plain_value(L, -1);
  }
  lua_pop(L, 1);
  return found;
}

void row_code::find_globals(lua_State* L, int index) {
  globals_.assign(texts_.size(), row_value::of(row_value::sort::unknown));
  for (auto& of_module : members_) of_module.assign(names_.size(), row_word::none);
  lua_getfenv(L, index);
  for (const char* const known : {"text", "json", "null", "is_null", "coalesce"}) {
    const auto text = std::find_if(texts_.begin(), texts_.end(),
                                   [&](const row_value& t) { return t.text() == known; });
    if (text == texts_.end()) continue;
    globals_[static_cast<std::size_t>(text - texts_.begin())] = find_global(L, known);
  }
  lua_pop(L, 1);
}

void row_code::read(lua_State* L, int index, std::span<const db::column> columns) {
  code_.clear();
  texts_.clear();
  tables_.clear();
  names_.clear();
  dump_.clear();
  lua_pushvalue(L, index);
  const bool dumped = lua_iscfunction(L, -1) == 0 && lua_dump(L, append, &dump_) == 0;
  lua_pop(L, 1);
  if (!dumped || !take(dump_)) return code_.clear();
  find_columns(columns);
  look_again(L, index);
}

}  // namespace luamig::bindings
