#include "bindings/csv_words.hpp"

#include <new>

#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/guard.hpp"
#include "bindings/rows.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t files_between_collections = 64;

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<csv_file*>(lua_touserdata(L, 1))->~csv_file();
  return 0;
}

// The upvalues are the file and the metatable of its rows.
int next_line(lua_State* L) {
  auto& csv = *static_cast<csv_file*>(lua_touserdata(L, lua_upvalueindex(1)));
  if (!csv.advance()) return 0;
  lua_createtable(L, static_cast<int>(csv.columns), 0);  // row
  for (std::size_t i = 0; i < csv.columns; ++i) {
    const std::string_view field = csv.reader->field(i);
    lua_pushlstring(L, field.data(), field.size());
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_setmetatable(L, -2);
  return 1;
}

}  // namespace

int core_csv_rows(lua_State* L) {
  const std::string_view path = text_argument(L, 1, "csv.rows: the path");
  const std::string_view delimiter = text_argument(L, 2, "csv.rows: the delimiter");
  lua_settop(L, 3);
  // A loop that is left leaves its file open, and the collector does not see what that holds.
  if (++context::of(L).files_opened % files_between_collections == 0) lua_gc(L, LUA_GCCOLLECT, 0);
  auto* csv = new (lua_newuserdata(L, sizeof(csv_file))) csv_file;  // …, file
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, destroy);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  open_csv_file(context::of(L), "csv.rows", path, delimiter.front(), *csv);
  push_csv_names(L, 3, *csv);
  make_row_metatable(L);  // …, file, metatable
  lua_pushcclosure(L, guarded<next_line>, 2);
  return 1;
}

}  // namespace luamig::bindings
