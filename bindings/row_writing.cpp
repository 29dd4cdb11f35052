#include "bindings/row_writing.hpp"

#include <array>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "bindings/answers.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/location.hpp"
#include "bindings/value.hpp"
#include "db/checks.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t shown_value = 60;  // bytes

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<row_writing*>(lua_touserdata(L, 1))->~row_writing();
  return 0;
}

// `row`: its number in the message; 0: none.
void require_text(std::string_view text, const std::string& column, std::int64_t row) {
  const std::string fault = db::postgres_text_fault(text);
  if (row == 0 || fault.empty()) return db::check_postgres_text(text);
  throw error{errc::migration, "row " + std::to_string(row) + ": '" + column + "' " + fault,
              std::string(db::as_bytes_hint)};
}

// Raises nothing.
void add_value(lua_State* L, int index, db::row_block& to, const std::string& column,
               bool takes_bytes, bool is_bytes, bool postgres, std::int64_t number) {
  switch (lua_type(L, index)) {
    case LUA_TSTRING:
      if (is_bytes) return to.add_bytes(db::cell_kind::blob, bytes_at(L, index));
      if (postgres) require_text(bytes_at(L, index), column, number);
      return to.add_bytes(db::cell_kind::text, bytes_at(L, index));
    case LUA_TBOOLEAN:
      return to.add_boolean(lua_toboolean(L, index) != 0);
    case LUA_TNUMBER:
      if (const auto whole = as_whole(lua_tonumber(L, index))) return to.add_integer(*whole);
      break;
    default:
      break;
  }
  value v = to_value(L, index, "'" + column + "'");
  if (!takes_bytes) refuse_blob(v, column);
  if (takes_bytes && postgres) make_bytes(v);
  to.add_value(v);
}

std::size_t count_keys(lua_State* L, int index) {
  std::size_t count = 0;
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    ++count;
    lua_pop(L, 1);
  }
  return count;
}

// Pushes the row's value of each column, nil where it has none; false where it has other columns.
bool push_values(lua_State* L, const row_writing& w) {
  const std::size_t width = w.plain.size();
  luaL_checkstack(L, static_cast<int>(width) + 8, "too many columns");
  lua_getfenv(L, 1);
  const int environment = lua_gettop(L);
  std::size_t found = 0;
  for (std::size_t i = 0; i < width; ++i) {
    lua_rawgeti(L, environment, static_cast<int>(i) + 1);
    lua_rawget(L, 2);
    if (!lua_isnil(L, -1)) {
      ++found;
    } else if (!w.plain[i]) {
      return false;
    }
  }
  return count_keys(L, 2) == found;
}

void add_row(lua_State* L, const row_writing& w, int first, std::int64_t number) {
  const std::vector<std::string>& columns = w.rows->target().columns;
  whole_row row(*w.rows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int index = first + static_cast<int>(i);
    if (lua_isnil(L, index)) {
      w.rows->room().add_null();
    } else {
      add_value(L, index, w.rows->room(), columns[i], w.takes_bytes[i], w.is_bytes[i], w.postgres,
                w.lines == nullptr ? number : 0);
    }
  }
  context::of(L).row.line_of = nullptr;
  row.end(number);
}

int put(lua_State* L) {
  const row_writing& w = row_writing_at(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  const bool fits = push_values(L, w);  // writer, row, environment, values…
  if (fits) add_row(L, w, 4, w.line());
  lua_pushboolean(L, fits ? 1 : 0);
  return 1;
}

int put_list(lua_State* L) {
  const row_writing& w = row_writing_at(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  const auto number = static_cast<std::int64_t>(luaL_checknumber(L, 3));
  lua_settop(L, 2);
  const int width = static_cast<int>(w.plain.size());
  luaL_checkstack(L, width + 8, "too many columns");
  for (int i = 1; i <= width; ++i) lua_rawgeti(L, 2, i);
  add_row(L, w, 3, number);
  return 0;
}

int settle(lua_State* L) {
  row_writer_at(L, 1).settle();
  return 0;
}

int finish(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(row_writer_at(L, 1).finish()));
  return 1;
}

std::vector<std::string> list_of(lua_State* L, const char* field) {
  std::vector<std::string> out;
  lua_getfield(L, 1, field);
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, -1)); ++i) {
    lua_rawgeti(L, -1, i);
    out.emplace_back(bytes_at(L, -1));
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return out;
}

std::string text_of(lua_State* L, const char* field) {
  lua_getfield(L, 1, field);
  std::string out(bytes_at(L, -1));
  lua_pop(L, 1);
  return out;
}

db::column_rule rule_of(std::string_view word) {
  using rule = db::column_rule;
  constexpr std::array<std::pair<std::string_view, rule>, 10> rules{
      {{"integer", rule::integer},
       {"number", rule::number},
       {"boolean", rule::boolean},
       {"bytes", rule::bytes},
       {"byte_items", rule::byte_items},
       {"bytea", rule::bytea},
       {"date", rule::date},
       {"time", rule::time},
       {"timestamp", rule::timestamp},
       {"key", rule::key}}};
  for (const auto& [name, is] : rules) {
    if (name == word) return is;
  }
  return rule::any;
}

db::row_target read_target(lua_State* L) {
  db::row_target target{text_of(L, "table"),
                        text_of(L, "name"),
                        list_of(L, "columns"),
                        text_of(L, "list"),
                        {},
                        {},
                        false};
  lua_getfield(L, 1, "forms");
  target.forms = binary_forms_at(L, lua_gettop(L));
  lua_pop(L, 1);
  for (const std::string& word : list_of(L, "rules")) target.rules.push_back(rule_of(word));
  lua_getfield(L, 1, "names_refused");
  target.names_refused = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  return target;
}

std::vector<bool> read_plain(lua_State* L, std::size_t width) {
  std::vector<bool> plain(width, false);
  lua_getfield(L, 1, "plain");
  for (std::size_t i = 0; lua_istable(L, -1) && i < width; ++i) {
    lua_rawgeti(L, -1, static_cast<int>(i) + 1);
    plain[i] = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return plain;
}

std::string shown(const db::row_block& rows, const db::cell& c) {
  if (c.kind == db::cell_kind::null) return "NULL";
  if (c.kind != db::cell_kind::text) return {};
  return "'" + text::shorten(text::one_line(rows.bytes(c)), shown_value) + "'";
}

// "population is 'abc': invalid input syntax …"
std::string reason(const db::row_target& into, const db::row_block& rows, std::size_t row,
                   const error& why) {
  for (std::size_t i = 0; i < into.columns.size(); ++i) {
    if (into.columns[i] != why.column) continue;
    const std::string value = shown(rows, rows.at(row, i));
    return into.columns[i] + (value.empty() ? "" : " is " + value) + ": " + why.message;
  }
  return why.message;
}

engine::row_intake::refusal refusal_of(context& ctx, csv_file* lines, const row_writing* w) {
  if (lines == nullptr) return {};
  return [&ctx, lines, w](std::int64_t line, const db::row_block& rows, std::size_t row,
                          const error& why) {
    lines->reject(ctx, line, reason(w->rows->target(), rows, row, why), false);
  };
}

}  // namespace

row_writing& row_writing_at(lua_State* L, int index) {
  void* const object = object_at(L, index, context::of(L).refs.writer_metatable);
  if (object == nullptr)
    throw error{errc::migration, "a writer's function was called without its writer"};
  return *static_cast<row_writing*>(object);
}

engine::row_intake& row_writer_at(lua_State* L, int index) {
  return *row_writing_at(L, index).rows;
}

void open_row_writers(lua_State* L) {
  constexpr std::array<luaL_Reg, 7> methods{{{"put", guarded<put>},
                                             {"put_lines", guarded<put_lines>},
                                             {"settle", guarded<settle>},
                                             {"put_list", guarded<put_list>},
                                             {"finish", guarded<finish>},
                                             {"__gc", destroy},
                                             {nullptr, nullptr}}};
  make_class(L, methods, context::of(L).refs.writer_metatable);
}

int core_write_rows(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  auto* w = new (lua_newuserdata(L, sizeof(row_writing))) row_writing;  // …, writer
  context& ctx = context::of(L);
  push(L, ctx.refs.writer_metatable);
  lua_setmetatable(L, -2);
  if (!lua_isnil(L, 2)) w->lines = &csv_file_at(L, 2);
  lua_createtable(L, 4, 1);  // writer, environment
  lua_pushvalue(L, 2);
  lua_setfield(L, -2, "file");
  lua_getfield(L, 1, "columns");
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, -1)); ++i) {
    lua_rawgeti(L, -1, i);
    lua_rawseti(L, -3, i);
  }
  lua_pop(L, 1);
  lua_setfenv(L, -2);
  ctx.last = user_place(L);
  w->rows = ctx.database().write_rows(read_target(L), ctx.last.file, ctx.last.line,
                                      refusal_of(ctx, w->lines, w));
  w->postgres = ctx.database().kind() == db::engine::postgresql;
  w->plain = read_plain(L, w->rows->target().columns.size());
  for (const db::column_rule rule : w->rows->target().rules) {
    const bool bytes = rule == db::column_rule::bytes;
    w->takes_bytes.push_back(bytes || rule == db::column_rule::byte_items ||
                             ctx.database().kind() == db::engine::sqlite);
    w->is_bytes.push_back(bytes && w->lines == nullptr);
  }
  return 1;
}

}  // namespace luamig::bindings
