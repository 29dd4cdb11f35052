#include "bindings/row_work.hpp"

#include <array>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/location.hpp"
#include "bindings/row_showing.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

gathered_block& block_argument(lua_State* L, row_work& w) {
  const auto number = static_cast<std::size_t>(luaL_checkinteger(L, 2));
  luaL_argcheck(L, number >= 1 && number <= w.blocks.size(), 2, "no such block");
  return w.blocks[number - 1];
}

void push_key(lua_State* L, const db::row_block& block, std::size_t row, std::size_t width) {
  lua_createtable(L, static_cast<int>(width), 0);
  for (std::size_t i = 0; i < width; ++i) {
    push_cell(L, block, block.at(row, i));
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

int last(lua_State* L) {
  const row_work& w = work_argument(L);
  if (w.last.rows() == 0) return 0;
  push_key(L, w.last, 0, w.key);
  return 1;
}

int catch_raised(lua_State* L) {
  row_work& w = work_argument(L);
  const auto most = luaL_checkinteger(L, 2);
  luaL_argcheck(L, most >= 0, 2, "a number of rows");
  w.most_raised = static_cast<std::size_t>(most);
  return 0;
}

// Keeps the list of names on top for as long as the work is there. names ->
void keep_names(lua_State* L, const row_work& w) {
  lua_getfenv(L, 1);
  lua_insert(L, -2);
  lua_rawseti(L, -2, work_place::names + static_cast<int>(w.blocks.size()));
  lua_pop(L, 1);
}

int add_block(lua_State* L) {
  row_work& w = work_argument(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 4);
  const std::string_view table = text_argument(L, 3, "the table");
  lua_pushvalue(L, 2);
  w.blocks.emplace_back(L, 0, 2);
  w.blocks.back().forms = binary_forms_at(L, 4);
  w.tables.resize(w.blocks.size() - 1);
  w.tables.emplace_back(table);
  keep_names(L, w);
  lua_pushnumber(L, static_cast<double>(w.blocks.size()));
  return 1;
}

// -> true; nothing where the row has other columns
int insert(lua_State* L) {
  row_work& w = work_argument(L);
  gathered_block& into = block_argument(L, w);
  make_whole(L, 3);
  if (lua_type(L, 3) != LUA_TTABLE || is_row(L, 3)) return 0;
  if (into.read(L, 3) != gathered_block::reading::whole) return 0;
  into.put();
  ++w.gathered;
  w.refuse_excess();
  lua_pushboolean(L, 1);
  return 1;
}

int take_as_bytes(lua_State* L) {
  gathered_block& block = block_argument(L, work_argument(L));
  const auto column = luaL_checkinteger(L, 3);
  luaL_argcheck(L, column >= 1, 3, "columns count from 1");
  block.take_as_bytes(static_cast<std::size_t>(column) - 1, lua_toboolean(L, 4) != 0);
  return 0;
}

int by_host(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(work_argument(L).by_host));
  return 1;
}

int count(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(block_argument(L, work_argument(L)).rows.rows()));
  return 1;
}

int values(lua_State* L) {
  const gathered_block& block = block_argument(L, work_argument(L));
  const std::size_t rows = block.rows.rows();
  lua_createtable(L, static_cast<int>(rows), 0);
  for (std::size_t i = 0; i < rows; ++i) {
    push_key(L, block.rows, i, block.rows.columns());
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
  return 1;
}

int clear(lua_State* L) {
  row_work& w = work_argument(L);
  for (gathered_block& b : w.blocks) b.forget();
  w.gathered = 0;
  return 0;
}

// work, block, sql: runs it for the rows of the block, which stay.
void send_rows(lua_State* L, const gathered_block& block, bool keeps_undo,
               const db::tally& affected) {
  context& ctx = context::of(L);
  ctx.last = user_place(L);
  engine::statement s{
      std::string(text_argument(L, 3, "the statement")), {}, {}, ctx.last.file, ctx.last.line};
  s.keeps_undo = keeps_undo;
  s.forms = block.forms;
  ctx.database().execute_each(s, block.rows, affected);
}

int send(lua_State* L) {
  row_work& w = work_argument(L);
  gathered_block& block = block_argument(L, w);
  w.gathered = 0;
  if (block.rows.rows() == 0) return 0;
  send_rows(L, block, lua_toboolean(L, 4) != 0, block.affected);
  block.clear();
  return 0;
}

int keep(lua_State* L) {
  const gathered_block& block = block_argument(L, work_argument(L));
  if (block.rows.rows() > 0) send_rows(L, block, true, std::make_shared<std::int64_t>(0));
  return 0;
}

int settle(lua_State* L) {
  const std::int64_t rows =
      context::of(L).database().settle(block_argument(L, work_argument(L)).affected);
  lua_pushnumber(L, static_cast<double>(rows));
  return 1;
}

int has_numbers(lua_State* L) {
  lua_pushboolean(L, block_argument(L, work_argument(L)).has_numbers ? 1 : 0);
  return 1;
}

int destroy(lua_State* L) noexcept {
  static_cast<row_work*>(lua_touserdata(L, 1))->~row_work();
  return 0;
}

// Fills the environment of the work on top from the options at 2, and the window of the cursor
// at 1.
void fill_environment(lua_State* L, row_work& w) {
  const int work = lua_gettop(L);
  lua_createtable(L, work_place::names + 3, 0);  // work, environment
  w.window = &push_window(L, cursor_at(L, 1).rows->columns());
  push_lazy_metatable(L, lua_gettop(L));
  lua_rawseti(L, -3, work_place::metatable);
  lua_rawseti(L, -2, work_place::window);
  constexpr std::array<std::pair<const char*, int>, 3> functions{
      {{"fn", work_place::function}, {"out", work_place::out}, {"wrong", work_place::wrong}}};
  for (const auto& [name, at] : functions) {
    lua_getfield(L, 2, name);
    lua_rawseti(L, -2, at);
  }
  lua_getfield(L, 2, "write");
  lua_rawseti(L, -2, work_place::names);
  lua_setfenv(L, work);
}

void make_blocks(lua_State* L, row_work& w) {
  lua_getfield(L, 2, "write");
  w.writes = lua_type(L, -1) == LUA_TTABLE;
  w.blocks.emplace_back(L, w.key, w.writes ? lua_gettop(L) : 0);
  w.blocks.emplace_back(L, w.key, 0);
  w.blocks.emplace_back(L, w.key + 1, 0);
  lua_pop(L, 1);
}

}  // namespace

void open_row_work(lua_State* L) {
  constexpr std::array<luaL_Reg, 18> methods{{{"read", guarded<read_rows>},
                                              {"carry_by", guarded<carry_by>},
                                              {"run", guarded<run_statement>},
                                              {"catch", guarded<catch_raised>},
                                              {"last", guarded<last>},
                                              {"add_block", guarded<add_block>},
                                              {"insert", guarded<insert>},
                                              {"count", guarded<count>},
                                              {"by_host", guarded<by_host>},
                                              {"take_as_bytes", guarded<take_as_bytes>},
                                              {"values", guarded<values>},
                                              {"clear", guarded<clear>},
                                              {"send", guarded<send>},
                                              {"keep", guarded<keep>},
                                              {"settle", guarded<settle>},
                                              {"has_numbers", guarded<has_numbers>},
                                              {"__gc", destroy},
                                              {nullptr, nullptr}}};
  make_class(L, methods, context::of(L).refs.work_metatable);
}

int core_new_work(lua_State* L) {
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  auto& w = *new (lua_newuserdata(L, sizeof(row_work))) row_work;
  push(L, context::of(L).refs.work_metatable);
  lua_setmetatable(L, -2);
  fill_environment(L, w);
  lua_getfield(L, 2, "table");
  w.table = text_argument(L, -1, "the table");
  lua_getfield(L, 2, "key");
  w.key = static_cast<std::size_t>(luaL_checkinteger(L, -1));
  lua_pop(L, 2);
  lua_getfield(L, 2, "rejects");
  w.may_reject = lua_toboolean(L, -1) != 0;
  lua_pop(L, 1);
  make_blocks(L, w);
  w.last.clear(w.key);
  return 1;
}

}  // namespace luamig::bindings
