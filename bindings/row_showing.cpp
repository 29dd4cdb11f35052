#include "bindings/row_showing.hpp"

#include <utility>

#include "bindings/bytes_argument.hpp"
#include "bindings/connection.hpp"
#include "bindings/context.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/row_writing.hpp"
#include "bindings/rows.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stopping.hpp"
#include "db/checks.hpp"
#include "db/sqlite_program.hpp"
#include "engine/session.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t most_rows = 5000;
constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_bytes_within = 64 * 1024 * 1024;  // of one UPDATE on SQLite
constexpr std::size_t most_bytes_held = 2 * most_bytes_within;

// Where the functions that show rows have on the stack what lies in the environment; the work
// itself is at 1.
constexpr int at_function = work_place::function;
constexpr int at_out = work_place::out;
constexpr int at_metatable = work_place::metatable;
constexpr int at_wrong = work_place::wrong;

/// A row of this work is under way; on every way out, what was so before.
class under_way {
 public:
  under_way(context& ctx, row_work& w)
      : ctx_(ctx), work_(w), before_(std::exchange(ctx.row, {w.window, w.table, w.key})) {}
  ~under_way() {
    ctx_.row = before_;
    work_.window->block = nullptr;
  }
  under_way(const under_way&) = delete;
  under_way& operator=(const under_way&) = delete;

 private:
  context& ctx_;
  row_work& work_;
  row_under_way before_;
};

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
  gathered_block& into = w.blocks[row_work::changes];
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

void take_reject(lua_State* L, row_work& w, int why) {
  w.reject(lua_type(L, why) == LUA_TSTRING ? bytes_at(L, why) : "rejected by the function");
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
      w.add_key(w.blocks[row_work::removals].rows);
      ++w.gathered;
      return;
    default:
      break;
  }
  refuse(L, "answer");
}

// Shows the row under way to the function, and takes its answer. The stack is that of
// push_show_arguments.
void ask(lua_State* L, row_work& w) {
  ++w.shown;
  w.hosted.give_to_lua();
  lua_pushvalue(L, at_function);
  push_lazy_row(L, *w.window, at_metatable);
  lua_pushvalue(L, at_out);
  lua_call(L, 2, 2);
  take_answer(L, w);
  lua_settop(L, at_wrong);
  w.hosted.read(L, at_function, w.window->columns);
}

void show(lua_State* L, row_work& w) {
  ask(L, w);
  w.end_row();
}

// Their upvalues are what push_show_arguments gives.
row_work& push_upvalues(lua_State* L) {
  for (int i = 1; i <= at_wrong; ++i) lua_pushvalue(L, lua_upvalueindex(i));
  return *static_cast<row_work*>(lua_touserdata(L, 1));
}

int show_alone(lua_State* L) {
  show(L, push_upvalues(L));
  return 0;
}

int show_one(lua_State* L) {
  row_work& w = push_upvalues(L);
  const std::size_t before = w.blocks[row_work::changes].rows.rows();
  ask(L, w);
  // One that asked for the database, and perhaps caught the refusal, is not done.
  if (context::of(L).session->asked_within()) return 0;
  w.end_row();
  const db::row_block& rows = w.blocks[row_work::changes].rows;
  if (rows.rows() > before) db::check_sqlite_row(rows, before);
  return 0;
}

constexpr int at_handler = at_wrong + 3;
constexpr int at_shower = at_handler + 1;

// Where an error rejects the row. The shower is where the constants say.
void show_caught(lua_State* L, row_work& w) {
  lua_pushvalue(L, at_shower);
  if (call_in_savepoint(L, 0, at_handler) != 0) {
    if (!reject_raised(L, w)) lua_error(L);
    w.end_row();
  }
  lua_settop(L, at_shower);
}

/// While it is there, no row is under way: what fails then was sent for rows before.
class between_rows {
 public:
  explicit between_rows(row_under_way& row) : row_(row), in_(std::exchange(row.in, nullptr)) {}
  ~between_rows() { row_.in = in_; }
  between_rows(const between_rows&) = delete;
  between_rows& operator=(const between_rows&) = delete;

 private:
  row_under_way& row_;
  const row_window* in_;
};

// work, function, out, metatable, wrong, cursor, writer? -> at_end
int show_all(lua_State* L) {
  row_work& w = *static_cast<row_work*>(lua_touserdata(L, 1));
  const bool catches = w.most_raised > 0;
  if (catches) {
    lua_pushcfunction(L, message_handler);
    for (int i = 1; i <= at_wrong; ++i) lua_pushvalue(L, i);
    lua_pushcclosure(L, guarded<show_alone>, at_wrong);
  }
  open_cursor& c = cursor_at(L, at_wrong + 1);  // the caller holds it
  engine::row_intake* const to =
      lua_isnil(L, at_wrong + 2) ? nullptr : &row_writer_at(L, at_wrong + 2);
  context& ctx = context::of(L);
  bool at_end = false;
  while (!w.full()) {
    {
      const between_rows nobody(ctx.row);
      at_end = c.rows == nullptr || !c.rows->next();
    }
    if (at_end) break;
    w.stand_at(c.rows->block(), c.rows->row());
    if (w.asks() && !w.do_by_host(ctx)) catches ? show_caught(L, w) : show(L, w);
    if (to == nullptr) continue;
    const between_rows nobody(ctx.row);
    w.carry(*to);
  }
  lua_pushboolean(L, at_end ? 1 : 0);
  return 1;
}

/// The UPDATE under way: what its program has come to.
class statement_run {
 public:
  using answer = db::row_program::answer;

  /// `shower`: where on the stack the function that shows a row is, behind the handler of errors.
  statement_run(lua_State* L, row_work& w, int shower)
      : L_(L), work_(w), ctx_(context::of(L)), row_(ctx_, w), shower_(shower) {}

  answer operator()(const db::row_block& block) {
    work_.stand_at(block, 0);
    if (!work_.do_by_host(ctx_)) {
      lua_pushvalue(L_, shower_);
      const int depth = ctx_.depth;
      status_ = lua_pcall(L_, 0, 0, shower_ - 1);
      ctx_.depth = depth;
      if (ctx_.session->asked_within()) return give_up();
      if (status_ != 0 && !is_left_out()) return answer::fail;
    }
    if (work_.bytes() > most_bytes_within) return answer::give_up;  // this row is done
    return is_changed() ? answer::change : answer::leave;
  }
  // An error rejects the row, unless it is about what the function gave.
  bool is_left_out() {
    if (is_uncatchable(L_, status_) || is_changed() || !reject_raised(L_, work_)) return false;
    work_.end_row();
    lua_pop(L_, 1);
    status_ = 0;
    return true;
  }
  [[nodiscard]] bool is_changed() const { return work_.has_added(row_work::changes); }

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

/// What became of a statement with a program.
struct statement_end {
  bool is_whole = false;
  bool asks_rowid = false;
  std::int64_t changed = 0;  ///< rows
  int status = 0;            ///< of lua_pcall; the error is on top
};

// work, pieces, handler, shower, its arguments…
statement_end execute_with_program(lua_State* L, row_work& w) {
  context& ctx = context::of(L);
  engine::statement s = join_pieces(L, 2);
  statement_run run(L, w, 4);
  db::row_program program;
  for (const db::column& c : w.window->columns) program.columns.push_back(c.kind);
  program.changes = &w.blocks[row_work::changes].rows;
  program.run = [&run](const db::row_block& row) { return run(row); };
  row_work::mark before;
  w.note(before);
  const auto affected = ctx.database().execute_with(s, program);
  if (program.asks_rowid) w.go_back(before);
  return {affected.has_value(), program.asks_rowid, affected.value_or(0),
          program.gave_up ? 0 : run.status()};
}

}  // namespace

std::size_t row_work::bytes() const {
  std::size_t sum = 0;
  for (const gathered_block& b : blocks) sum += b.rows.held();
  return sum - blocks[rejects].rows.held();
}

void row_work::refuse_excess() const {
  if (bytes() < most_bytes_held) return;
  throw error{errc::migration,
              "out:insert holds more than " + db::in_megabytes(most_bytes_held) +
                  " for rows that are not written yet",
              "let the function add fewer rows for one row; what is big goes by op.bulk_insert"};
}

bool row_work::full() const { return gathered >= most_rows || bytes() >= most_bytes; }

void row_work::stand_at(const db::row_block& block, std::size_t row) {
  window->block = &block;
  window->row = row;
  ++window->serial;
  note(before_);
}

void row_work::note(mark& into) const {
  into.cells.resize(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) into.cells[i] = blocks[i].rows.cell_count();
  into.gathered = gathered;
  into.by_host = by_host;
}

// A block that was added since holds nothing of what came before.
void row_work::go_back(const mark& to) {
  for (std::size_t i = 0; i < blocks.size(); ++i)
    blocks[i].rows.cut_to(i < to.cells.size() ? to.cells[i] : 0);
  gathered = to.gathered;
  by_host = to.by_host;
}

void row_work::add_key(db::row_block& to) const {
  for (std::size_t i = 0; i < key; ++i) {
    to.add_copy(*window->block, window->block->at(window->row, i));
  }
}

row_work& work_argument(lua_State* L) {
  void* const object = object_at(L, 1, context::of(L).refs.work_metatable);
  if (object == nullptr)
    throw error{errc::migration, "a work's function was called without its work"};
  return *static_cast<row_work*>(object);
}

int read_rows(lua_State* L) {
  row_work& w = work_argument(L);
  lua_settop(L, 3);
  w.shown = 0;
  w.hosted.begin();
  w.carrying.seen = w.carrying.bytes = w.carrying.changed = w.carrying.removed = 0;
  lua_pushcfunction(L, message_handler);
  lua_pushcfunction(L, guarded<show_all>);
  push_show_arguments(L);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  context& ctx = context::of(L);
  const int depth = ctx.depth;
  int status = 0;
  {
    const under_way row(ctx, w);
    status = lua_pcall(L, at_wrong + 2, 1, 4);
  }
  ctx.depth = depth;
  if (is_uncatchable(L, status)) return raise_uncatchable(L);
  if (status != 0) return lua_error(L);
  lua_pushnumber(L, static_cast<double>(w.shown));
  lua_insert(L, -2);
  for (const std::size_t n :
       {w.carrying.seen, w.carrying.bytes, w.carrying.changed, w.carrying.removed})
    lua_pushnumber(L, static_cast<double>(n));
  return 6;
}

int run_statement(lua_State* L) {
  row_work& w = work_argument(L);
  lua_settop(L, 2);
  luaL_checkstack(L, 3 * at_wrong + LUA_MINSTACK, "a row");
  lua_pushcfunction(L, message_handler);
  push_show_arguments(L);
  lua_pushcclosure(L, guarded<show_one>, at_wrong);
  w.shown = 0;
  w.hosted.begin();
  const statement_end end = execute_with_program(L, w);
  if (is_uncatchable(L, end.status)) return raise_uncatchable(L);
  if (end.status != 0) return lua_error(L);
  if (end.is_whole) w.blocks[row_work::changes].clear();
  lua_pushnumber(L, static_cast<double>(w.shown));
  lua_pushnumber(L, static_cast<double>(end.changed));
  lua_pushboolean(L, end.is_whole ? 1 : 0);
  lua_pushboolean(L, end.asks_rowid ? 1 : 0);
  return 4;
}

}  // namespace luamig::bindings
