#include "bindings/csv_words.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "bindings/rows.hpp"
#include "codec/csv.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t files_between_collections = 64;

// A file as Lua holds it: the upvalue of its iterator.
struct open_csv {
  std::unique_ptr<codec::csv_reader> reader;
  std::size_t columns = 0;
};

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<open_csv*>(lua_touserdata(L, 1))->~open_csv();
  return 0;
}

bool is_inside(const std::vector<std::string>& parts) {
  return std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos;
  });
}

void open(const context& ctx, std::string_view path, char delimiter, open_csv& into) {
  const std::vector<std::string> parts = text::split(path, '/');
  auto in = is_inside(parts) ? file::open_beneath(ctx.migrations, parts) : std::nullopt;
  const std::string shown = text::escape_controls(path);
  if (!in)
    throw error{errc::migration, "csv.rows: '" + shown + "' is no file of the migrations directory",
                "a path goes down from there, \"seed/countries.csv\", and links are not followed"};
  into.reader = std::make_unique<codec::csv_reader>(std::move(*in), shown, delimiter);
}

// Reads the header's line, which there must be.
void read_header(codec::csv_reader& in) {
  if (!in.next())
    in.fail("the file is empty", "columns = { … } names the columns of a file without a header");
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::string_view name = in.field(i);
    if (name.empty()) in.fail("column " + std::to_string(i + 1) + " of the header has no name");
    if (std::find(names.begin(), names.end(), name) != names.end())
      in.fail("the header names '" + std::string(name) + "' twice",
              "columns = { … } names the columns of a file without a header");
    names.push_back(name);
  }
}

// // names
void push_header(lua_State* L, const codec::csv_reader& in) {
  lua_createtable(L, static_cast<int>(in.size()), 0);
  for (std::size_t i = 0; i < in.size(); ++i) {
    lua_pushlstring(L, in.field(i).data(), in.field(i).size());
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

[[noreturn]] void refuse_count(const open_csv& csv) {
  csv.reader->fail("the line has " + std::to_string(csv.reader->size()) +
                   (csv.reader->size() == 1 ? " field, not " : " fields, not ") +
                   std::to_string(csv.columns));
}

// An empty line is a record only where there is one column.
bool advance(open_csv& csv) {
  if (!csv.reader) return false;
  do {
    if (!csv.reader->next()) {
      csv.reader.reset();
      return false;
    }
  } while (csv.columns > 1 && csv.reader->is_blank());
  if (csv.reader->size() != csv.columns) refuse_count(csv);
  return true;
}

// The upvalues are the file and the metatable of its rows.
int next_line(lua_State* L) {
  auto& csv = *static_cast<open_csv*>(lua_touserdata(L, lua_upvalueindex(1)));
  if (!advance(csv)) return 0;
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
  auto* csv = new (lua_newuserdata(L, sizeof(open_csv))) open_csv;  // …, file
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, destroy);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  open(context::of(L), path, delimiter.front(), *csv);
  if (lua_isnil(L, 3)) {
    read_header(*csv->reader);
    push_header(L, *csv->reader);
  } else {
    lua_pushvalue(L, 3);
  }
  csv->columns = lua_objlen(L, -1);
  make_row_metatable(L);  // …, file, metatable
  lua_pushcclosure(L, guarded<next_line>, 2);
  return 1;
}

}  // namespace luamig::bindings
