#include "bindings/csv_export.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/hosted_function.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"
#include "codec/csv_text.hpp"
#include "db/checks.hpp"
#include "db/value_text.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t rows_a_look = 1024;  // at whether the run is to end

struct csv_export {
  std::unique_ptr<engine::written_file> out;
  codec::csv_style style;
  std::string line;
  hosted_function hosted;
};

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<csv_export*>(lua_touserdata(L, 1))->~csv_export();
  return 0;
}

csv_export& checked(lua_State* L) {
  void* const object = object_at(L, 1, context::of(L).refs.export_metatable);
  if (object == nullptr)
    throw error{errc::migration, "a file's function was called without its file"};
  auto& file = *static_cast<csv_export*>(object);
  if (!file.out) throw error{errc::migration, "the file is finished"};
  return file;
}

// A value's field.
struct field_adder {
  csv_export& to;

  void put(std::string_view text) const { codec::append_csv_field(text, to.style, to.line); }
  void operator()(null_value) const { to.line += to.style.null; }
  void operator()(bool b) const { put(b ? "true" : "false"); }
  void operator()(std::int64_t i) const {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), i);
    put({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
  }
  void operator()(double d) const { put(db::real_text(d)); }
  void operator()(const decimal& d) const { put(d.digits); }
  void operator()(const std::string& s) const { put(s); }
  void operator()(const blob& b) const { put("\\x" + db::to_hex(b.bytes)); }
  void operator()(const array& a) const { put(db::format_array(a)); }
};

void add_cell(csv_export& file, const db::row_block& rows, const db::cell& c) {
  const field_adder add{file};
  switch (c.kind) {
    case db::cell_kind::null:
      return add(null_value{});
    case db::cell_kind::boolean:
      return add(c.integer != 0);
    case db::cell_kind::integer:
      return add(c.integer);
    case db::cell_kind::real:
      return add(c.real);
    case db::cell_kind::blob:
      return add.put("\\x" + db::to_hex(rows.bytes(c)));
    default:
      return add.put(rows.bytes(c));
  }
}

void end_line(csv_export& file) {
  file.line += '\n';
  file.out->write(file.line);
  file.line.clear();
}

int line(lua_State* L) {
  csv_export& file = checked(L);
  luaL_checktype(L, 2, LUA_TTABLE);
  const int count = static_cast<int>(luaL_checkinteger(L, 3));
  file.line.clear();
  for (int i = 1; i <= count; ++i) {
    if (i > 1) file.line += file.style.delimiter;
    lua_rawgeti(L, 2, i);
    if (lua_type(L, -1) == LUA_TSTRING) {
      field_adder{file}.put(bytes_at(L, -1));
    } else if (lua_isnil(L, -1)) {
      field_adder{file}(null_value{});
    } else {
      std::visit(field_adder{file}, db::as_variant(to_value(L, -1, "field " + std::to_string(i))));
    }
    lua_pop(L, 1);
  }
  end_line(file);
  return 0;
}

std::int64_t copy_rows(const context& ctx, csv_export& file, engine::row_source& from) {
  std::int64_t count = 0;
  const std::size_t width = from.columns().size();
  while (from.next()) {
    if (++count % static_cast<std::int64_t>(rows_a_look) == 0) (void)ctx.database();
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0) file.line += file.style.delimiter;
      add_cell(file, from.block(), from.block().at(from.row(), i));
    }
    end_line(file);
  }
  return count;
}

int rows(lua_State* L) {
  csv_export& file = checked(L);
  open_cursor& cursor = cursor_at(L, 2);
  file.line.clear();
  const std::int64_t count =
      cursor.rows ? copy_rows(context::of(L), file, *cursor.rows) : std::int64_t{0};
  lua_pushnumber(L, static_cast<double>(count));
  return 1;
}

// False: what becomes of it is for Lua to say.
bool add_value(csv_export& file, const row_value& v) {
  using sort = row_value::sort;
  const field_adder add{file};
  switch (v.what()) {
    case sort::null:
      add(null_value{});
      return true;
    case sort::no:
    case sort::yes:
      add(v.is_true());
      return true;
    case sort::number:
      if (v.is_short_integer())
        add(static_cast<std::int64_t>(v.number()));
      else if (v.number() == std::floor(v.number()))
        return false;
      else
        add(v.number());
      return true;
    case sort::text:
      add.put(v.text());
      return true;
    default:
      return false;
  }
}

// The fields of a line in the order of the names, as the function gave them.
bool add_fields(csv_export& file, std::span<const row_code::field> fields,
                std::span<const std::string> names) {
  if (fields.size() != names.size()) return false;
  const auto places = file.hosted.places(0, names.size(),
                                         [&](std::size_t i) { return std::string_view(names[i]); });
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const row_code::field& f) {
      return places[f.name] == static_cast<int>(i);
    });
    if (i > 0) file.line += file.style.delimiter;
    if (at == fields.end() || !add_value(file, at->value)) return false;
  }
  return true;
}

struct lines_made {
  std::int64_t seen = 0;
  std::int64_t written = 0;
  bool more = false;
};

// Whether the row at hand is done without Lua.
bool is_done(const context& ctx, csv_export& file, const engine::row_source& from,
             std::span<const std::string> names, lines_made& made) {
  file.line.clear();
  if (!file.hosted.run(ctx, from.block(), from.row(), false)) return false;
  const auto given = file.hosted.given();
  if (given.empty() || (given.size() == 1 && given[0].what() == row_value::sort::nil)) return true;
  const bool is_line = given.size() == 1 && given[0].what() == row_value::sort::table &&
                       add_fields(file, file.hosted.fields(given[0]), names);
  if (!is_line) {
    file.hosted.leave();
    return false;
  }
  end_line(file);
  ++made.written;
  return true;
}

// Up to a row that is Lua's. Ends the cursor behind the last one.
lines_made write_lines(const context& ctx, csv_export& file, open_cursor& cursor,
                       std::span<const std::string> names) {
  lines_made made;
  while (cursor.rows && (made.more = cursor.rows->next()) &&
         is_done(ctx, file, *cursor.rows, names, made)) {
    if (++made.seen % static_cast<std::int64_t>(rows_a_look) == 0) (void)ctx.database();
  }
  cursor.is_on_row = made.more;
  if (!made.more) cursor.close();
  return made;
}

// file, cursor, fn, names -> seen, written, more
int make_lines(lua_State* L) {
  csv_export& file = checked(L);
  open_cursor& cursor = cursor_at(L, 2);
  luaL_checktype(L, 3, LUA_TFUNCTION);
  luaL_checktype(L, 4, LUA_TTABLE);
  context& ctx = context::of(L);
  if (cursor.rows) file.hosted.read(L, 3, cursor.rows->columns());
  lines_made made;
  {
    std::vector<std::string> names;
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, 4)); ++i) {
      lua_rawgeti(L, 4, i);
      if (lua_type(L, -1) == LUA_TSTRING) names.emplace_back(bytes_at(L, -1));
      lua_pop(L, 1);
    }
    made = write_lines(ctx, file, cursor, names);
  }
  lua_pushnumber(L, static_cast<double>(made.seen));
  lua_pushnumber(L, static_cast<double>(made.written));
  lua_pushboolean(L, made.more ? 1 : 0);
  return 3;
}

int finish(lua_State* L) {
  csv_export& file = checked(L);
  file.out->finish(context::of(L).database());
  file.out.reset();
  return 0;
}

// What luamig itself reads below the migrations directory is no place for a script's rows.
void refuse_own_file(std::string_view name) {
  constexpr std::array<std::string_view, 4> endings{".lua", ".sql", ".tmpl", ".toml"};
  const std::string lower = text::lower_ascii(name);
  const bool own = lower.starts_with('.') ||
                   std::any_of(endings.begin(), endings.end(),
                               [&](std::string_view ending) { return lower.ends_with(ending); });
  if (!own) return;
  throw error{errc::migration,
              "export_csv: '" + text::one_line(name) + "' is a name of files that luamig reads",
              "give it another ending: \"export/users.csv\""};
}

}  // namespace

void open_csv_exports(lua_State* L) {
  constexpr std::array<luaL_Reg, 6> methods{{{"line", guarded<line>},
                                             {"make_lines", guarded<make_lines>},
                                             {"rows", guarded<rows>},
                                             {"finish", guarded<finish>},
                                             {"__gc", destroy},
                                             {nullptr, nullptr}}};
  make_class(L, methods, context::of(L).refs.export_metatable);
}

int core_csv_create(lua_State* L) {
  const std::string_view path = text_argument(L, 1, "the path");
  const std::string_view delimiter = text_argument(L, 2, "the delimiter");
  const std::string_view null = text_argument(L, 3, "the text of NULL");
  const bool replaces = lua_toboolean(L, 4) != 0;
  auto* file = new (lua_newuserdata(L, sizeof(csv_export))) csv_export;  // …, file
  push(L, context::of(L).refs.export_metatable);
  lua_setmetatable(L, -2);
  file->style = {delimiter.front(), std::string(null)};
  const auto parts = parts_beneath(path);
  if (!parts)
    throw error{errc::migration,
                "export_csv: '" + text::one_line(path) + "' is not in the migrations directory",
                "a path goes down from there, \"export/users.csv\""};
  refuse_own_file(parts->back());
  file->out = context::of(L).files->create(*parts, replaces);
  return 1;
}

}  // namespace luamig::bindings
