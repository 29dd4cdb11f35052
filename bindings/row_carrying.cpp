// The rows of a table on their way into another one, past the function.
#include "bindings/row_showing.hpp"
#include "bindings/row_writing.hpp"

namespace luamig::bindings {

bool row_work::asks() const {
  if (carrying.asks < 0) return true;
  const db::cell& answer = window->block->at(window->row, static_cast<std::size_t>(carrying.asks));
  return answer.kind == db::cell_kind::boolean && answer.integer != 0;
}

void row_work::carry(engine::row_intake& to) {
  ++carrying.seen;
  db::row_block& given = blocks[changes].rows;
  db::row_block& gone = blocks[removals].rows;
  if (gone.rows() > 0) {
    gone.clear(key);
    --gathered;
    ++carrying.removed;
    return;
  }
  const bool changed = given.rows() > 0;
  for (const row_carrying::source& from : carrying.sources) {
    const bool fresh = changed && from.changes >= 0;
    const db::row_block& block = fresh ? given : *window->block;
    const db::cell& cell = fresh ? block.at(0, key + static_cast<std::size_t>(from.changes))
                                 : block.at(window->row, from.row);
    to.room().add_copy(block, cell);
    if (cell.kind >= db::cell_kind::decimal) carrying.bytes += cell.size;
  }
  to.end_row(++carrying.number);
  if (!changed) return;
  given.clear(given.columns());
  --gathered;
  ++carrying.changed;
}

// work, columns, changes, asks?
int carry_by(lua_State* L) {
  row_work& w = work_argument(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  luaL_checktype(L, 3, LUA_TTABLE);
  w.carrying.sources.clear();
  const int width = static_cast<int>(lua_objlen(L, 2));
  for (int i = 1; i <= width; ++i) {
    lua_rawgeti(L, 2, i);
    lua_rawgeti(L, 3, i);
    w.carrying.sources.push_back({static_cast<std::size_t>(lua_tointeger(L, -2)) - 1,
                                  static_cast<int>(lua_tointeger(L, -1)) - 1});
    lua_pop(L, 2);
  }
  w.carrying.asks = static_cast<int>(luaL_optinteger(L, 4, 0)) - 1;
  return 0;
}

}  // namespace luamig::bindings
