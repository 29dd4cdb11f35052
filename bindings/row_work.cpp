#include "bindings/row_work.hpp"

#include <array>
#include <deque>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "bindings/answers.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/connection.hpp"
#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/location.hpp"
#include "bindings/rows.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/value.hpp"
#include "db/sqlite_program.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t most_rows = 5000;
constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_bytes_within = 64 * 1024 * 1024;  // of one UPDATE on SQLite

enum block_number : std::size_t { changes, removals, rejects, first_insert };

struct row_work {
  row_window* window = nullptr;
  std::string table;
  std::size_t key = 0;
  bool writes = false;
  bool may_reject = false;
  std::deque<gathered_block> blocks;
  db::row_block last;  // the key of the last row shown
  std::size_t shown = 0;
  std::size_t gathered = 0;

  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const gathered_block& b : blocks) sum += b.rows.size();
    return sum - blocks[rejects].rows.size();  // those are kept until the end of the batch
  }
  [[nodiscard]] bool full() const { return gathered >= most_rows || bytes() >= most_bytes; }
  /// How many rows each block has, before the row under way adds to them.
  void begin_row() {
    before.clear();
    for (const gathered_block& b : blocks) before.push_back(b.rows.rows());
  }
  /// Forgets what the row under way has asked for.
  void back_to_row() {
    before.resize(blocks.size());
    for (std::size_t i = 0; i < before.size(); ++i) blocks[i].rows.truncate(before[i]);
  }
  std::vector<std::size_t> before;
  void add_key(db::row_block& to) const {
    for (std::size_t i = 0; i < key; ++i) {
      to.add_copy(*window->block, window->block->at(window->row, i));
    }
  }
};

// The environment of a work, and from the second on where `show` has them on the stack.
enum place : int { at_window = 1, at_function, at_out, at_metatable, at_wrong, first_names };

row_work& checked(lua_State* L) {
  void* const object = lua_touserdata(L, 1);
  bool ours = false;
  if (object != nullptr && lua_getmetatable(L, 1) != 0) {
    push(L, context::of(L).refs.work_metatable);
    ours = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
  }
  if (!ours) throw error{errc::migration, "a work's function was called without its work"};
  return *static_cast<row_work*>(object);
}

gathered_block& block_argument(lua_State* L, row_work& w) {
  const auto number = static_cast<std::size_t>(luaL_checkinteger(L, 2));
  luaL_argcheck(L, number >= 1 && number <= w.blocks.size(), 2, "no such block");
  return w.blocks[number - 1];
}

/// No row is under way any more, on every way out.
class under_way {
 public:
  under_way(context& ctx, row_work& w) : ctx_(ctx), work_(w) {
    ctx.row = {w.window, w.table, w.key};
  }
  ~under_way() {
    ctx_.row.in = nullptr;
    work_.window->block = nullptr;
  }
  under_way(const under_way&) = delete;
  under_way& operator=(const under_way&) = delete;

 private:
  context& ctx_;
  row_work& work_;
};

void stand_at(row_work& w, const db::row_block& block, std::size_t row) {
  w.window->block = &block;
  w.window->row = row;
  ++w.window->serial;
  w.begin_row();
}

// The stack of the functions that show rows: the work, then what its environment holds.
void push_show_arguments(lua_State* L) {
  lua_pushvalue(L, 1);
  lua_getfenv(L, 1);
  const int environment = lua_gettop(L);
  for (int i = at_function; i <= at_wrong; ++i) lua_rawgeti(L, environment, i);
  lua_remove(L, environment);
}

// answer, why at the top
[[noreturn]] void refuse(lua_State* L, const char* what) {
  const int why = lua_gettop(L);
  lua_pushvalue(L, at_wrong);
  lua_pushstring(L, what);
  lua_pushvalue(L, why - 1);
  lua_pushvalue(L, why);
  lua_call(L, 3, 0);
  throw error{errc::migration, "the function's answer cannot be used"};
}

void take_change(lua_State* L, row_work& w, int answer) {
  gathered_block& into = w.blocks[changes];
  switch (into.read(L, answer)) {
    case gathered_block::reading::whole:
      break;
    case gathered_block::reading::odd:
      lua_settop(L, answer + 1);
      refuse(L, "change");
    case gathered_block::reading::unstorable:
      lua_insert(L, -2);  // value, column
      refuse(L, "value");
  }
  w.add_key(into.rows);
  into.put();
  ++w.gathered;
}

// What it has asked for elsewhere is not asked for any more.
void take_reject(lua_State* L, row_work& w, int why) {
  w.back_to_row();
  db::row_block& into = w.blocks[rejects].rows;
  w.add_key(into);
  into.add_bytes(db::cell_kind::text,
                 lua_type(L, why) == LUA_TSTRING ? bytes_at(L, why) : "rejected by the function");
}

void take_answer(lua_State* L, row_work& w) {
  const int answer = lua_gettop(L) - 1;
  if (!lua_isnil(L, answer + 1) &&
      (lua_type(L, answer) != LUA_TSTRING || bytes_at(L, answer) != "reject"))
    refuse(L, "two");
  switch (lua_type(L, answer)) {
    case LUA_TNIL:
      return;
    case LUA_TBOOLEAN:
      if (lua_toboolean(L, answer) == 0) return;
      break;
    case LUA_TTABLE:
      if (w.writes && !is_row(L, answer)) return take_change(L, w, answer);
      break;
    case LUA_TSTRING:
      if (bytes_at(L, answer) == "reject") {
        if (!w.may_reject) refuse(L, "reject");
        return take_reject(L, w, answer + 1);
      }
      if (bytes_at(L, answer) != "delete") break;
      w.add_key(w.blocks[removals].rows);
      ++w.gathered;
      return;
    default:
      break;
  }
  refuse(L, "answer");
}

// Shows the row under way to the function. The stack is that of push_show_arguments.
void show(lua_State* L, row_work& w) {
  ++w.shown;
  lua_pushvalue(L, at_function);
  push_lazy_row(L, *w.window, at_metatable);
  lua_pushvalue(L, at_out);
  lua_call(L, 2, 2);
  take_answer(L, w);
  w.last.clear(w.key);
  w.add_key(w.last);
  lua_settop(L, at_wrong);
}

// Its upvalues are what push_show_arguments gives.
int show_one(lua_State* L) {
  for (int i = 1; i <= at_wrong; ++i) lua_pushvalue(L, lua_upvalueindex(i));
  row_work& w = *static_cast<row_work*>(lua_touserdata(L, 1));
  const std::size_t before = w.blocks[changes].rows.rows();
  show(L, w);
  const db::row_block& rows = w.blocks[changes].rows;
  if (rows.rows() > before) db::check_sqlite_row(rows, before);
  return 0;
}

// work, function, out, metatable, wrong, cursor -> at_end
int show_all(lua_State* L) {
  row_work& w = *static_cast<row_work*>(lua_touserdata(L, 1));
  open_cursor& c = cursor_at(L, at_wrong + 1);  // the caller holds it
  bool at_end = false;
  while (!w.full()) {
    at_end = c.rows == nullptr || !c.rows->next();
    if (at_end) break;
    stand_at(w, c.rows->block(), c.rows->row());
    show(L, w);
  }
  lua_pushboolean(L, at_end ? 1 : 0);
  return 1;
}

int read(lua_State* L) {
  row_work& w = checked(L);
  lua_settop(L, 2);
  w.shown = 0;
  lua_pushcfunction(L, message_handler);
  lua_pushcfunction(L, guarded<show_all>);
  push_show_arguments(L);
  lua_pushvalue(L, 2);
  context& ctx = context::of(L);
  const int depth = ctx.depth;
  int status = 0;
  {
    const under_way row(ctx, w);
    status = lua_pcall(L, at_wrong + 1, 1, 3);
  }
  ctx.depth = depth;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status != 0) return lua_error(L);
  lua_pushnumber(L, static_cast<double>(w.shown));
  lua_insert(L, -2);
  return 2;
}

/// The UPDATE under way: what its program has come to.
class statement_run {
 public:
  using answer = db::row_program::answer;

  /// `shower`: where on the stack the function that shows a row is, behind the handler of errors.
  statement_run(lua_State* L, row_work& w, int shower)
      : L_(L), work_(w), ctx_(context::of(L)), row_(ctx_, w), shower_(shower) {}

  answer operator()(const db::row_block& block) {
    stand_at(work_, block, 0);
    lua_pushvalue(L_, shower_);
    const int depth = ctx_.depth;
    status_ = lua_pcall(L_, 0, 0, shower_ - 1);
    ctx_.depth = depth;
    if (ctx_.session->asked_within()) return give_up();
    if (status_ != 0) return answer::fail;
    if (work_.bytes() > most_bytes_within) return answer::give_up;  // this row is done
    return work_.blocks[changes].rows.rows() > work_.before[changes] ? answer::change
                                                                     : answer::leave;
  }
  /// What lua_pcall gave for the last row.
  [[nodiscard]] int status() const noexcept { return status_; }

 private:
  // What the function has asked for in its last call is forgotten; it is called again.
  answer give_up() {
    work_.back_to_row();
    --work_.shown;
    return answer::give_up;
  }

  lua_State* L_;
  row_work& work_;
  context& ctx_;
  under_way row_;
  int shower_;
  int status_ = 0;
};

// work, pieces, handler, shower, its arguments… -> whether the whole statement has run, and how
// many rows it changed. After an error it is on top, and `status` is that of lua_pcall.
bool run_statement(lua_State* L, row_work& w, int& status, std::int64_t& changed) {
  context& ctx = context::of(L);
  engine::statement s = join_pieces(L, 2);
  statement_run run(L, w, 4);
  db::row_program program;
  for (const db::column& c : w.window->columns) program.columns.push_back(c.kind);
  program.changes = &w.blocks[changes].rows;
  program.run = [&run](const db::row_block& row) { return run(row); };
  const auto affected = ctx.database().execute_with(s, program);
  if (!program.gave_up) status = run.status();
  changed = affected.value_or(0);
  return affected.has_value();
}

int run(lua_State* L) {
  row_work& w = checked(L);
  lua_settop(L, 2);
  luaL_checkstack(L, 3 * at_wrong + LUA_MINSTACK, "a row");
  lua_pushcfunction(L, message_handler);
  push_show_arguments(L);
  lua_pushcclosure(L, guarded<show_one>, at_wrong);
  w.shown = 0;
  int status = 0;
  std::int64_t changed = 0;
  const bool whole = run_statement(L, w, status, changed);
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status != 0) return lua_error(L);
  if (whole) w.blocks[changes].clear();
  lua_pushnumber(L, static_cast<double>(w.shown));
  lua_pushnumber(L, static_cast<double>(changed));
  lua_pushboolean(L, whole ? 1 : 0);
  return 3;
}

void push_key(lua_State* L, const db::row_block& block, std::size_t row, std::size_t width) {
  lua_createtable(L, static_cast<int>(width), 0);
  for (std::size_t i = 0; i < width; ++i) {
    push_cell(L, block, block.at(row, i));
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

int last(lua_State* L) {
  const row_work& w = checked(L);
  if (w.last.rows() == 0) return 0;
  push_key(L, w.last, 0, w.key);
  return 1;
}

// Keeps the list of names on top for as long as the work is there. names ->
void keep_names(lua_State* L, const row_work& w) {
  lua_getfenv(L, 1);
  lua_insert(L, -2);
  lua_rawseti(L, -2, first_names + static_cast<int>(w.blocks.size()));
  lua_pop(L, 1);
}

int add_block(lua_State* L) {
  row_work& w = checked(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  w.blocks.emplace_back(L, 0, 2);
  keep_names(L, w);
  lua_pushnumber(L, static_cast<double>(w.blocks.size()));
  return 1;
}

// -> true; nothing where the row has other columns
int insert(lua_State* L) {
  row_work& w = checked(L);
  gathered_block& into = block_argument(L, w);
  make_whole(L, 3);
  if (lua_type(L, 3) != LUA_TTABLE || is_row(L, 3)) return 0;
  if (into.read(L, 3) != gathered_block::reading::whole) return 0;
  into.put();
  ++w.gathered;
  lua_pushboolean(L, 1);
  return 1;
}

int count(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(block_argument(L, checked(L)).rows.rows()));
  return 1;
}

int values(lua_State* L) {
  const gathered_block& block = block_argument(L, checked(L));
  const std::size_t rows = block.rows.rows();
  lua_createtable(L, static_cast<int>(rows), 0);
  for (std::size_t i = 0; i < rows; ++i) {
    push_key(L, block.rows, i, block.rows.columns());
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
  return 1;
}

int clear(lua_State* L) {
  row_work& w = checked(L);
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
  ctx.database().execute_each(s, block.rows, affected);
}

int send(lua_State* L) {
  row_work& w = checked(L);
  gathered_block& block = block_argument(L, w);
  if (block.rows.rows() == 0) return 0;
  send_rows(L, block, lua_toboolean(L, 4) != 0, block.affected);
  block.clear();
  w.gathered = 0;
  return 0;
}

int keep(lua_State* L) {
  const gathered_block& block = block_argument(L, checked(L));
  if (block.rows.rows() > 0) send_rows(L, block, true, std::make_shared<std::int64_t>(0));
  return 0;
}

int settle(lua_State* L) {
  const std::int64_t rows =
      context::of(L).database().settle(block_argument(L, checked(L)).affected);
  lua_pushnumber(L, static_cast<double>(rows));
  return 1;
}

int has_numbers(lua_State* L) {
  lua_pushboolean(L, block_argument(L, checked(L)).has_numbers ? 1 : 0);
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
  lua_createtable(L, first_names + 3, 0);  // work, environment
  w.window = &push_window(L, cursor_at(L, 1).rows->columns());
  push_lazy_metatable(L, lua_gettop(L));
  lua_rawseti(L, -3, at_metatable);
  lua_rawseti(L, -2, at_window);
  constexpr std::array<std::pair<const char*, int>, 3> functions{
      {{"fn", at_function}, {"out", at_out}, {"wrong", at_wrong}}};
  for (const auto& [name, at] : functions) {
    lua_getfield(L, 2, name);
    lua_rawseti(L, -2, at);
  }
  lua_getfield(L, 2, "write");
  lua_rawseti(L, -2, first_names);
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
  constexpr std::array<luaL_Reg, 14> methods{{{"read", guarded<read>},
                                              {"run", guarded<run>},
                                              {"last", guarded<last>},
                                              {"add_block", guarded<add_block>},
                                              {"insert", guarded<insert>},
                                              {"count", guarded<count>},
                                              {"values", guarded<values>},
                                              {"clear", guarded<clear>},
                                              {"send", guarded<send>},
                                              {"keep", guarded<keep>},
                                              {"settle", guarded<settle>},
                                              {"has_numbers", guarded<has_numbers>},
                                              {"__gc", destroy},
                                              {nullptr, nullptr}}};
  lua_createtable(L, 0, 15);  // metatable
  luaL_setfuncs(L, methods.data(), 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  context::of(L).refs.work_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
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
