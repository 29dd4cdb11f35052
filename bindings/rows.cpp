#include "bindings/rows.hpp"

#include <array>
#include <new>

#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

// Its address marks a metatable as one of rows, and is the key of their columns' names there: a
// light userdata no script can make.
constexpr char row_mark = 'r';

void* mark() { return const_cast<char*>(&row_mark); }

open_cursor& checked(lua_State* L, int at = 1) { return cursor_at(L, at); }

bool advance(lua_State* L, open_cursor& c) {
  if (c.rows == nullptr) return false;
  if (!c.database.empty()) context::of(L).about = c.database;
  const bool more = c.rows->next();
  if (!c.database.empty()) context::of(L).about.clear();
  c.is_on_row = more;
  if (!more) c.close();
  return more;
}

void push_converted(lua_State* L, const db::row_block& block, const db::cell& cell, conversion to) {
  if (to == conversion::boolean && cell.kind == db::cell_kind::integer)
    return lua_pushboolean(L, cell.integer != 0 ? 1 : 0);
  if (cell.kind != db::cell_kind::text && cell.kind != db::cell_kind::integer)
    return push_cell(L, block, cell);
  if (to == conversion::exact && cell.kind == db::cell_kind::text) {
    context::of(L).scratch = block.bytes(cell);
    return push_number(L, context::of(L).scratch);
  }
  push_cell(L, block, cell);
  if (to != conversion::text || cell.kind != db::cell_kind::integer) return;
  push(L, context::of(L).refs.tostring);
  lua_insert(L, -2);
  lua_call(L, 1, 1);
}

void push_column(lua_State* L, open_cursor& c, std::size_t column) {
  const db::row_block& block = c.rows->block();
  const db::cell& cell = block.at(c.rows->row(), column);
  if (cell.kind == db::cell_kind::array) {
    c.items.clear();
    c.items.push_back(db::to_value(block, cell, c.rows->columns()[column].element));
    return push_value(L, c.items.front());
  }
  const conversion to = c.conversions.empty() ? conversion::none : c.conversions[column];
  if (to == conversion::none) return push_cell(L, block, cell);
  push_converted(L, block, cell, to);
}

int push_current(lua_State* L, open_cursor& c, int at) {
  const int columns = static_cast<int>(c.rows->columns().size());
  lua_createtable(L, columns, 0);  // row
  for (int i = 0; i < columns; ++i) {
    push_column(L, c, static_cast<std::size_t>(i));
    lua_rawseti(L, -2, i + 1);
  }
  lua_getfenv(L, at);     // row, environment
  lua_rawgeti(L, -1, 1);  // row, environment, metatable
  lua_setmetatable(L, -3);
  lua_pop(L, 1);
  return 1;
}

int push_row(lua_State* L, int at) {
  open_cursor& c = checked(L, at);
  return advance(L, c) ? push_current(L, c, at) : 0;
}

int next_row(lua_State* L) { return push_row(L, 1); }

int current_row(lua_State* L) {
  open_cursor& c = checked(L, 1);
  return c.rows != nullptr && c.is_on_row ? push_current(L, c, 1) : 0;
}

int next_of_iterator(lua_State* L) { return push_row(L, lua_upvalueindex(1)); }

// A function that needs no cursor beside it, so it can be handed on alone.
int iterator(lua_State* L) {
  checked(L);
  lua_settop(L, 1);
  lua_pushcclosure(L, guarded<next_of_iterator>, 1);
  return 1;
}

int next_values(lua_State* L) {
  open_cursor& c = checked(L);
  if (!advance(L, c)) return 0;
  const int columns = static_cast<int>(c.rows->columns().size());
  luaL_checkstack(L, columns + 8, "too many columns");
  lua_pushnumber(L, static_cast<double>(++c.count));
  for (int i = 0; i < columns; ++i) push_column(L, c, static_cast<std::size_t>(i));
  return columns + 1;
}

// A table of its own: { id = 1, name = "x" }; NULL columns are absent.
int next_plain(lua_State* L) {
  open_cursor& c = checked(L);
  if (!advance(L, c)) return 0;
  const std::size_t columns = c.rows->columns().size();
  lua_getfenv(L, 1);      // environment
  lua_rawgeti(L, -1, 2);  // environment, names
  lua_createtable(L, 0, static_cast<int>(columns));
  for (std::size_t i = 0; i < columns; ++i) {
    lua_rawgeti(L, -2, static_cast<int>(i) + 1);
    push_column(L, c, i);
    lua_rawset(L, -3);
  }
  return 1;
}

int close_cursor(lua_State* L) {
  open_cursor& c = checked(L);
  c.close();
  return 0;
}

// A copy: scripts can reach cursors, and the list serves every query with these columns.
int columns(lua_State* L) {
  checked(L);
  lua_getfenv(L, 1);
  lua_rawgeti(L, -1, 2);  // environment, names
  const int count = static_cast<int>(lua_objlen(L, -1));
  lua_createtable(L, count, 0);
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, -2, i);
    lua_rawseti(L, -2, i);
  }
  return 1;
}

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<open_cursor*>(lua_touserdata(L, 1))->~open_cursor();
  return 0;
}

void push_names(lua_State* L, const engine::row_source& rows) {
  const auto& all = rows.columns();
  lua_createtable(L, static_cast<int>(all.size()), 0);
  int position = 0;
  for (const db::column& c : all) {
    lua_pushlstring(L, c.name.data(), c.name.size());
    lua_rawseti(L, -2, ++position);
  }
}

void join_names(context& ctx, const engine::row_source& rows) {
  ctx.scratch.clear();
  for (const db::column& c : rows.columns()) {
    ctx.scratch += c.name;
    ctx.scratch += '\0';
  }
}

// names -> names, metatable; made by luamig.values the first time these columns are seen
void push_row_metatable(lua_State* L, const engine::row_source& rows) {
  context& ctx = context::of(L);
  join_names(ctx, rows);
  push(L, ctx.refs.row_metatables);  // cache
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);  // cache, key, pair?
  if (!lua_isnil(L, -1)) return lua_replace(L, -3), lua_pop(L, 1);
  lua_pop(L, 1);
  lua_createtable(L, 2, 0);  // cache, key, pair
  push_names(L, rows);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, 2);
  make_row_metatable(L);  // cache, key, pair, metatable
  lua_rawseti(L, -2, 1);  // cache, key, pair
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2);
  lua_rawset(L, -5);
  lua_replace(L, -3);
  lua_pop(L, 1);  // pair
}

}  // namespace

open_cursor& cursor_at(lua_State* L, int at) {
  void* const object = object_at(L, at, context::of(L).refs.cursor_metatable);
  if (object == nullptr)
    throw error{errc::migration, "a cursor's function was called without its cursor"};
  return *static_cast<open_cursor*>(object);
}

void open_cursor::close() noexcept {
  if (previous != nullptr) {
    *previous = next;
    if (next != nullptr) next->previous = previous;
    previous = nullptr;
    next = nullptr;
  }
  rows.reset();
}

void open_rows(lua_State* L) {
  lua_createtable(L, 0, 8);  // metatable
  constexpr std::array<luaL_Reg, 9> methods{{{"next", guarded<next_row>},
                                             {"current", guarded<current_row>},
                                             {"iterator", guarded<iterator>},
                                             {"values", guarded<next_values>},
                                             {"plain", guarded<next_plain>},
                                             {"close", guarded<close_cursor>},
                                             {"columns", guarded<columns>},
                                             {"__gc", destroy},
                                             {nullptr, nullptr}}};
  luaL_setfuncs(L, methods.data(), 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  references& refs = context::of(L).refs;
  refs.cursor_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_createtable(L, 0, 0);
  refs.row_metatables = luaL_ref(L, LUA_REGISTRYINDEX);
}

open_cursor& push_cursor(lua_State* L) {
  auto* c = new (lua_newuserdata(L, sizeof(open_cursor))) open_cursor;
  context& ctx = context::of(L);
  c->next = ctx.cursors;
  if (c->next != nullptr) c->next->previous = &c->next;
  c->previous = &ctx.cursors;
  ctx.cursors = c;
  push(L, ctx.refs.cursor_metatable);
  lua_setmetatable(L, -2);
  return *c;
}

void prepare_cursor(lua_State* L, open_cursor& cursor) {
  push_row_metatable(L, *cursor.rows);
  lua_setfenv(L, -2);
}

void close_cursors(context& ctx) noexcept {
  ctx.row.in = nullptr;
  ctx.row.line_of = nullptr;
  while (ctx.cursors != nullptr) ctx.cursors->close();
}

void make_row_metatable(lua_State* L) {
  const references& refs = context::of(L).refs;
  if (refs.make_row_metatable == LUA_NOREF) {
    push_module(L, "luamig.values");  // installs the maker
    lua_pop(L, 1);
  }
  push(L, refs.make_row_metatable);
  lua_pushvalue(L, -2);
  lua_call(L, 1, 1);  // names, metatable
  lua_pushlightuserdata(L, mark());
  lua_pushvalue(L, -3);
  lua_rawset(L, -3);
  lua_replace(L, -2);
}

bool is_row(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || lua_getmetatable(L, index) == 0) return false;
  lua_pushlightuserdata(L, mark());
  lua_rawget(L, -2);
  const bool yes = lua_toboolean(L, -1) != 0;
  lua_pop(L, 2);
  return yes;
}

void push_row_columns(lua_State* L, int index) {
  lua_getmetatable(L, index);
  lua_pushlightuserdata(L, mark());
  lua_rawget(L, -2);
  lua_replace(L, -2);
}

int core_is_row(lua_State* L) {
  lua_pushboolean(L, is_row(L, 1) || is_lazy_row(L, 1) ? 1 : 0);
  return 1;
}

int core_install_rows(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  context::of(L).refs.make_row_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace luamig::bindings
