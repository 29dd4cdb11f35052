// The lines of a file that become rows without Lua.
#include <algorithm>
#include <cmath>

#include "bindings/context.hpp"
#include "bindings/row_writing.hpp"
#include "bindings/value.hpp"
#include "db/checks.hpp"

namespace luamig::bindings {
namespace {

using sort = row_value::sort;

// False: what becomes of it is for Lua to say.
bool add_value(const row_writing& w, const row_value& v, bool is_bytes) {
  db::row_block& to = w.rows->room();
  switch (v.what()) {
    case sort::null:
      to.add_null();
      return true;
    case sort::no:
    case sort::yes:
      to.add_boolean(v.is_true());
      return true;
    case sort::number:
      if (!std::isfinite(v.number()) || is_beyond_exact(v.number())) return false;
      if (const auto whole = as_whole(v.number()))
        to.add_integer(*whole);
      else
        to.add_real(v.number());
      return true;
    case sort::text:
      if (w.postgres && !is_bytes && !db::postgres_text_fault(v.text()).empty()) return false;
      to.add_bytes(is_bytes ? db::cell_kind::blob : db::cell_kind::text, v.text());
      return true;
    default:
      return false;
  }
}

// The row that the function gave, its columns in the order of the writer's.
bool add_row(row_writing& w, std::span<const row_code::field> fields) {
  const std::vector<std::string>& columns = w.rows->target().columns;
  const auto places = w.hosted.places(0, columns.size(),
                                      [&](std::size_t i) { return std::string_view(columns[i]); });
  std::size_t found = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const row_code::field& f) {
      return places[f.name] == static_cast<int>(i) && f.value.what() != sort::nil;
    });
    if (at == fields.end() && !w.plain[i]) return false;
    found += at == fields.end() ? 0 : 1;
    if (at == fields.end())
      w.rows->room().add_null();
    else if (!add_value(w, at->value, w.is_bytes[i]))
      return false;
  }
  const auto given = std::count_if(fields.begin(), fields.end(), [](const row_code::field& f) {
    return f.value.what() != sort::nil;
  });
  return found == static_cast<std::size_t>(given);
}

// The row is given in whole, or not at all.
bool put_row(row_writing& w, std::span<const row_code::field> fields) {
  whole_row row(*w.rows);
  if (!add_row(w, fields)) return false;
  row.end(w.line());
  return true;
}

// Whether the line under way is done without Lua.
bool is_done(const context& ctx, row_writing& w) {
  if (!w.hosted.run(ctx, w.lines->block, 0, false)) return false;
  const auto given = w.hosted.given();
  if (given.empty() || (given.size() == 1 && given[0].what() == sort::nil)) return true;
  if (given.size() == 1 && given[0].what() == sort::table && put_row(w, w.hosted.fields(given[0])))
    return true;
  w.hosted.leave();
  return false;
}

}  // namespace

int put_lines(lua_State* L) {
  row_writing& w = row_writing_at(L, 1);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  luaL_argcheck(L, w.lines != nullptr, 1, "a writer of a file's lines");
  context& ctx = context::of(L);
  ctx.row.line_of = nullptr;
  w.hosted.read(L, 2, w.lines->window->columns);
  double count = 0;
  bool more = false;
  while ((more = w.lines->advance_row()) && is_done(ctx, w)) ++count;
  lua_pushnumber(L, count);
  lua_pushboolean(L, more ? 1 : 0);
  return 2;
}

}  // namespace luamig::bindings
