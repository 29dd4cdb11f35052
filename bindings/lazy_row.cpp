#include "bindings/lazy_row.hpp"

#include <algorithm>
#include <new>

#include "base/error.hpp"
#include "bindings/guard.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

// Its address is the key of a window in the metatable of its rows, a light userdata no script can
// make, and what a lazy row begins with, as no other userdata does.
constexpr char window_mark = 'w';

void* mark() { return const_cast<char*>(&window_mark); }

/// What the userdata holds. Its metatable keeps the window.
struct lazy_row {
  const void* is_one;
  row_window* window;
  std::uint64_t serial;
};

// The environment of a window.
enum place : int { lazy_metatable = 1, row_metatable = 2, names = 3 };

row_window& window_upvalue(lua_State* L) {
  return *static_cast<row_window*>(lua_touserdata(L, lua_upvalueindex(1)));
}

// Null where the value is no lazy row.
const lazy_row* lazy_at(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA || lua_objlen(L, index) != sizeof(lazy_row))
    return nullptr;
  const auto* const row = static_cast<const lazy_row*>(lua_touserdata(L, index));
  return row->is_one == mark() ? row : nullptr;
}

void require_under_way(const lazy_row* row, const row_window& window) {
  if (window.block != nullptr && row != nullptr && row->serial == window.serial) return;
  throw error{errc::migration, "this row is over: the function was called for it before",
              "keep what you need of it: its values, or row() for a table of them"};
}

// The row under way, of the window at `window`. // row
void push_whole(lua_State* L, row_window& w, int window) {
  const int columns = static_cast<int>(w.columns.size());
  lua_createtable(L, columns, 0);
  for (int i = 0; i < columns; ++i) {
    push_window_cell(L, w, static_cast<std::size_t>(i));
    lua_rawseti(L, -2, i + 1);
  }
  lua_getfenv(L, window);
  lua_rawgeti(L, -1, row_metatable);
  lua_setmetatable(L, -3);
  lua_pop(L, 1);
}

// The row that a metamethod was called for becomes a whole one. // …
row_window& whole_argument(lua_State* L) {
  row_window& w = window_upvalue(L);
  require_under_way(lazy_at(L, 1), w);
  push_whole(L, w, lua_upvalueindex(1));
  lua_replace(L, 1);
  return w;
}

int index(lua_State* L) {
  row_window& w = window_upvalue(L);
  require_under_way(lazy_at(L, 1), w);
  const int column = column_at(L, 2, w);
  if (column >= 0) {
    push_window_cell(L, w, static_cast<std::size_t>(column));
    return 1;
  }
  whole_argument(L);
  lua_gettable(L, 1);
  return 1;
}

int new_index(lua_State* L) {
  whole_argument(L);
  lua_settable(L, 1);  // raises
  return 0;
}

int call(lua_State* L) {
  whole_argument(L);
  lua_settop(L, 1);
  lua_call(L, 0, 1);
  return 1;
}

int pairs(lua_State* L) {
  whole_argument(L);
  lua_getmetatable(L, 1);
  lua_pushliteral(L, "__pairs");
  lua_rawget(L, -2);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

void add_method(lua_State* L, const char* name, lua_CFunction method, int window) {
  lua_pushvalue(L, window);
  lua_pushcclosure(L, method, 1);
  lua_setfield(L, -2, name);
}

// names -> ; the metatable of lazy rows // metatable
void push_new_metatable(lua_State* L, int window) {
  lua_createtable(L, 0, 6);
  add_method(L, "__index", guarded<index>, window);
  add_method(L, "__newindex", guarded<new_index>, window);
  add_method(L, "__call", guarded<call>, window);
  add_method(L, "__pairs", guarded<pairs>, window);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushlightuserdata(L, mark());
  lua_pushvalue(L, window);
  lua_rawset(L, -3);
}

// The list of the columns' names, whose texts the window knows by their address. // names
void push_names(lua_State* L, row_window& w) {
  lua_createtable(L, static_cast<int>(w.columns.size()), 0);
  int position = 0;
  for (const db::column& c : w.columns) {
    lua_pushlstring(L, c.name.data(), c.name.size());
    const auto named = std::count_if(w.columns.begin(), w.columns.end(),
                                     [&](const db::column& other) { return other.name == c.name; });
    w.keys.push_back(named == 1 ? lua_tostring(L, -1) : nullptr);
    lua_rawseti(L, -2, ++position);
  }
}

int destroy(lua_State* L) noexcept {
  static_cast<row_window*>(lua_touserdata(L, 1))->~row_window();
  return 0;
}

}  // namespace

row_window& push_window(lua_State* L, std::span<const db::column> columns) {
  auto* const w = new (lua_newuserdata(L, sizeof(row_window))) row_window;
  lua_createtable(L, 0, 2);  // window, metatable
  lua_pushcfunction(L, destroy);
  lua_setfield(L, -2, "__gc");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, -2);  // window
  const int window = lua_gettop(L);
  w->columns.assign(columns.begin(), columns.end());
  w->keys.reserve(columns.size());
  lua_createtable(L, 3, 0);  // window, environment
  push_names(L, *w);
  lua_pushvalue(L, -1);
  lua_rawseti(L, -3, names);
  make_row_metatable(L);
  lua_rawseti(L, -2, row_metatable);
  push_new_metatable(L, window);
  lua_rawseti(L, -2, lazy_metatable);
  lua_setfenv(L, window);
  return *w;
}

void push_lazy_metatable(lua_State* L, int window) {
  lua_getfenv(L, window);
  lua_rawgeti(L, -1, lazy_metatable);
  lua_replace(L, -2);
}

void push_lazy_row(lua_State* L, row_window& window, int metatable) {
  new (lua_newuserdata(L, sizeof(lazy_row))) lazy_row{mark(), &window, window.serial};
  lua_pushvalue(L, metatable);
  lua_setmetatable(L, -2);
}

bool is_lazy_row(lua_State* L, int index) { return lazy_at(L, index) != nullptr; }

row_window* lazy_window(lua_State* L, int index) {
  const lazy_row* const row = lazy_at(L, index);
  if (row == nullptr) return nullptr;
  require_under_way(row, *row->window);
  return row->window;
}

int column_at(lua_State* L, int index, const row_window& window) {
  if (lua_type(L, index) != LUA_TSTRING) return -1;
  const char* const key = lua_tostring(L, index);
  const auto found = std::find(window.keys.begin(), window.keys.end(), key);
  return found == window.keys.end() ? -1 : static_cast<int>(found - window.keys.begin());
}

void push_window_cell(lua_State* L, row_window& window, std::size_t column) {
  const db::cell& cell = window.block->at(window.row, column);
  if (cell.kind != db::cell_kind::array) return push_cell(L, *window.block, cell);
  window.items.clear();
  window.items.push_back(db::to_value(*window.block, cell, window.columns[column].element));
  push_value(L, window.items.front());
}

void make_whole(lua_State* L, int index) {
  if (lua_type(L, index) != LUA_TUSERDATA) return;
  row_window* const w = lazy_window(L, index);
  if (w == nullptr) return;
  index = index < 0 ? lua_gettop(L) + index + 1 : index;
  lua_getmetatable(L, index);
  lua_pushlightuserdata(L, mark());
  lua_rawget(L, -2);  // metatable, window
  push_whole(L, *w, lua_gettop(L));
  lua_replace(L, index);
  lua_pop(L, 2);
}

int core_whole(lua_State* L) {
  lua_settop(L, 1);
  make_whole(L, 1);
  return 1;
}

}  // namespace luamig::bindings
