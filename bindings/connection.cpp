#include "bindings/connection.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "bindings/context.hpp"
#include "bindings/location.hpp"
#include "bindings/parameters.hpp"
#include "bindings/rows.hpp"
#include "bindings/unread_calls.hpp"
#include "bindings/value.hpp"
#include "db/lexer.hpp"

namespace luamig::bindings {
namespace {

std::string_view text_argument(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TSTRING)
    throw error{errc::migration,
                "the statement is a " + std::string(kind_of(L, index)) + ", not a text"};
  std::size_t size = 0;
  const char* data = lua_tolstring(L, index, &size);
  return {data, size};
}

std::string_view comment_argument(lua_State* L, int index) {
  return lua_isnoneornil(L, index) ? std::string_view() : text_argument(L, index);
}

conversion to_conversion(std::string_view column, std::string_view type) {
  if (type == "boolean") return conversion::boolean;
  if (type == "text" || type == "string") return conversion::text;
  if (type == "exact" || type == "numeric") return conversion::exact;
  throw error{
      errc::migration,
      "opts.types has the type '" + std::string(type) + "' for '" + std::string(column) + "'",
      "types are \"boolean\", \"text\" and \"exact\""};
}

void add_conversion(open_cursor& c, std::string_view column, std::string_view type) {
  const auto& columns = c.rows->columns();
  c.conversions.resize(columns.size(), conversion::none);
  bool known = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != column) continue;
    c.conversions[i] = to_conversion(column, type);
    known = true;
  }
  if (!known)
    throw error{errc::migration,
                "opts.types names '" + std::string(column) + "', which the query does not return"};
}

[[noreturn]] void refuse_types() {
  throw error{errc::migration, "opts.types is not { column = \"boolean\" }"};
}

// opts.types on top
void read_types(lua_State* L, open_cursor& c) {
  if (lua_type(L, -1) != LUA_TTABLE) refuse_types();
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) {
    if (lua_type(L, -1) != LUA_TSTRING || lua_type(L, -2) != LUA_TSTRING) refuse_types();
    add_conversion(c, lua_tostring(L, -2), lua_tostring(L, -1));
    lua_pop(L, 1);
  }
}

// What a query takes besides its text and parameters: { types = … } or nothing.
void read_options(lua_State* L, int index, open_cursor& c) {
  if (lua_isnoneornil(L, index)) return;
  if (lua_type(L, index) != LUA_TTABLE)
    throw error{errc::migration,
                "the options of a query are a " + std::string(kind_of(L, index)) + ", not a table",
                "{ types = { flag = \"boolean\" } }"};
  lua_pushnil(L);
  while (lua_next(L, index) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING || std::string_view(lua_tostring(L, -2)) != "types")
      throw error{errc::migration, "a query has one option, 'types'",
                  "{ types = { flag = \"boolean\" } }"};
    read_types(L, c);
    lua_pop(L, 1);
  }
}

// The text at 1 with the parameters at 2.
engine::statement one_statement(lua_State* L) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  db::bound_statement bound =
      db::bind(text_argument(L, 1), ctx.database().kind(), to_parameters(L, 2));
  return {std::move(bound.sql), std::move(bound.values), {}, ctx.last.file, ctx.last.line};
}

std::int64_t run_text(lua_State* L) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  if (lua_type(L, 1) == LUA_TTABLE) return ctx.database().execute(join_pieces(L, 1));
  const std::string_view text = text_argument(L, 1);
  refuse_rounded_number(text, ctx.database().kind());
  using answer = engine::door::answer;
  engine::door& on = ctx.database();
  const bool waits = on.kind() == db::engine::sqlite || !is_unread_call(L);
  return on.execute_text(text, to_parameters(L, 2), ctx.last.file, ctx.last.line,
                         waits ? answer::read : answer::unread);
}

std::int64_t run_statement(lua_State* L, std::string_view sql, std::string_view comment) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  return ctx.database().execute(
      {std::string(sql), {}, std::string(comment), ctx.last.file, ctx.last.line});
}

std::unique_ptr<engine::row_source> run_query(lua_State* L) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  const bool streaming = lua_toboolean(L, 4) != 0;
  engine::door& on = ctx.database();
  on.require_whole();
  if (lua_type(L, 1) == LUA_TSTRING) refuse_rounded_number(text_argument(L, 1), on.kind());
  engine::statement s = lua_type(L, 1) == LUA_TTABLE ? join_pieces(L, 1) : one_statement(L);
  return on.query(std::move(s), streaming);
}

// The value at 1, as SQL writes it. Throws where it cannot.
std::string literal_argument(lua_State* L) {
  const value v = lua_isnoneornil(L, 1) ? value(null_value{}) : to_value(L, 1, "the value");
  return db::literal(v, context::of(L).database().kind());
}

}  // namespace

engine::statement join_pieces(lua_State* L, int index) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  const db::engine kind = ctx.database().kind();
  db::bound_statement whole;
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
    lua_rawgeti(L, index, i);  // piece
    if (lua_type(L, -1) == LUA_TTABLE) {
      lua_rawgeti(L, -1, 1);
      lua_rawgeti(L, -2, 2);  // piece, text, parameters
      refuse_rounded_number(text_argument(L, -2), kind);
      db::append(whole, text_argument(L, -2), kind, to_parameters(L, lua_gettop(L)));
      lua_pop(L, 2);
    } else {
      refuse_rounded_number(text_argument(L, -1), kind);
      db::append(whole, text_argument(L, -1), kind, {});
    }
    lua_pop(L, 1);
  }
  return {std::move(whole.sql), std::move(whole.values), {}, ctx.last.file, ctx.last.line};
}

int core_execute(lua_State* L) {
  const std::int64_t rows = run_text(L);
  push_integer(L, rows);
  return 1;
}

int core_emit(lua_State* L) {
  const std::string_view sql = text_argument(L, 1);
  const std::int64_t rows = run_statement(L, sql, comment_argument(L, 2));
  push_integer(L, rows);
  return 1;
}

int core_rewrite_table(lua_State* L) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  ctx.database().rewrite_table({.schema = std::string(text_argument(L, 1)),
                                .table = std::string(text_argument(L, 2)),
                                .sql = std::string(text_argument(L, 3))},
                               comment_argument(L, 4), ctx.last.file, ctx.last.line);
  return 0;
}

int core_problem(lua_State* L) {
  context& ctx = context::of(L);
  ctx.scratch = ctx.database().problem(text_argument(L, 1));
  if (ctx.scratch.empty()) return 0;
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_open(lua_State* L) {
  lua_settop(L, 4);
  open_cursor& cursor = push_cursor(L);
  cursor.rows = run_query(L);
  if (context::of(L).asked != nullptr) cursor.database = context::of(L).asked_name;
  prepare_cursor(L, cursor);
  read_options(L, 3, cursor);
  return 1;
}

int core_check_query(lua_State* L) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  ctx.database().check_query(text_argument(L, 1), to_parameters(L, 2), ctx.last.file,
                             ctx.last.line);
  return 0;
}

int core_has_unopened_bracket(lua_State* L) {
  lua_pushboolean(
      L, db::has_unopened_bracket(text_argument(L, 1), context::of(L).database().kind()) ? 1 : 0);
  return 1;
}

int core_look(lua_State* L) {
  lua_settop(L, 2);
  open_cursor& cursor = push_cursor(L);
  engine::door& session = context::of(L).database();
  cursor.rows = session.look(lua_type(L, 1) == LUA_TTABLE ? join_pieces(L, 1) : one_statement(L));
  prepare_cursor(L, cursor);
  return 1;
}

int core_knows_schema(lua_State* L) {
  lua_pushboolean(L, context::of(L).database().knows_schema() ? 1 : 0);
  return 1;
}

int core_quote(lua_State* L) {
  context& ctx = context::of(L);
  ctx.scratch = literal_argument(L);
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_shown(lua_State* L) {
  context& ctx = context::of(L);
  const auto most = static_cast<std::size_t>(luaL_checkinteger(L, 2));
  try {
    ctx.scratch = text::shorten(literal_argument(L), most);
  } catch (const error&) {  // it may be what is wrong with the row
    ctx.scratch = "a " + std::string(kind_of(L, 1));
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_ident(lua_State* L) {
  context& ctx = context::of(L);
  ctx.scratch = text::sql_identifier(text_argument(L, 1));
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  return 1;
}

int core_dialect(lua_State* L) {
  const std::string_view dialect = db::name(context::of(L).database().kind());
  lua_pushlstring(L, dialect.data(), dialect.size());
  return 1;
}

int core_is_offline(lua_State* L) {
  lua_pushboolean(L, context::of(L).database().offline() ? 1 : 0);
  return 1;
}

int core_names_operations(lua_State* L) {
  lua_pushboolean(L, context::of(L).database().names_operations() ? 1 : 0);
  return 1;
}

int core_begin_operation(lua_State* L) {
  context& ctx = context::of(L);
  const place at = user_place(L);
  const bool destroys = !lua_isnoneornil(L, 3);
  ctx.database().begin_operation({text_argument(L, 1), text_argument(L, 2),
                                  destroys ? text_argument(L, 3) : std::string_view(), at.file,
                                  at.line});
  return 0;
}

}  // namespace luamig::bindings
