#include "bindings/csv_file.hpp"

#include <algorithm>
#include <array>
#include <new>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/guard.hpp"
#include "bindings/host_object.hpp"
#include "bindings/row_writing.hpp"
#include "db/mask.hpp"

namespace luamig::bindings {
namespace {

constexpr std::size_t files_between_collections = 64;
constexpr std::int64_t most_said = 50;      // rejected lines that are named
constexpr std::size_t lines_a_look = 1024;  // at whether the run is to end

bool is_inside(const std::vector<std::string>& parts) {
  return std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos;
  });
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

[[noreturn]] void refuse_count(const csv_file& csv) {
  csv.reader->fail("the line has " + std::to_string(csv.reader->size()) +
                   (csv.reader->size() == 1 ? " field, not " : " fields, not ") +
                   std::to_string(csv.columns));
}

void say(context& ctx, const std::string& text) {
  ctx.watching->message(engine::observer::level::warning,
                        text::shorten(text::one_line(db::mask(text)), 2000));
}

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  auto* const csv = static_cast<csv_file*>(lua_touserdata(L, 1));
  context& ctx = context::of(L);
  if (ctx.row.line_of == csv) ctx.row.line_of = nullptr;
  csv->~csv_file();
  return 0;
}

// The line under way. The environment of a file: its names, the window and the metatable of its
// lines. // line
int push_line(lua_State* L, csv_file& csv) {
  lua_getfenv(L, 1);
  lua_rawgeti(L, -1, 3);  // …, metatable
  push_lazy_row(L, *csv.window, lua_gettop(L));
  context::of(L).row.line_of = &csv;
  return 1;
}

int next_line(lua_State* L) {
  csv_file& csv = csv_file_at(L, 1);
  context::of(L).row.line_of = nullptr;
  return csv.advance_row() ? push_line(L, csv) : 0;
}

int current_line(lua_State* L) {
  csv_file& csv = csv_file_at(L, 1);
  return csv.window->block != nullptr ? push_line(L, csv) : 0;
}

int names(lua_State* L) {
  (void)csv_file_at(L, 1);
  lua_getfenv(L, 1);
  lua_rawgeti(L, -1, 1);
  return 1;
}

int line(lua_State* L) {
  const csv_file& csv = csv_file_at(L, 1);
  lua_pushnumber(L, csv.reader ? static_cast<double>(csv.reader->line()) : 0);
  return 1;
}

int reject(lua_State* L) {
  csv_file& csv = csv_file_at(L, 1);
  csv.reject(context::of(L), static_cast<std::int64_t>(csv.reader->line()),
             std::string(text_argument(L, 2, "the reason of a rejected line")), true);
  return 0;
}

int rejects(lua_State* L) {
  const csv_file& csv = csv_file_at(L, 1);
  lua_pushnumber(L, static_cast<double>(csv.rejects));
  return 1;
}

// The fields at these positions, from 1, become a row.
void copy_line(const csv_file& csv, const std::vector<std::size_t>& positions,
               engine::row_intake& into) {
  for (const std::size_t position : positions) {
    if (csv.is_null(position - 1)) {
      into.room().add_null();
    } else {
      into.room().add_bytes(db::cell_kind::text, csv.reader->field(position - 1));
    }
  }
  into.end_row(static_cast<std::int64_t>(csv.reader->line()));
}

std::int64_t copy_lines(lua_State* L, csv_file& csv, engine::row_intake& into) {
  std::vector<std::size_t> positions;
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, 3)); ++i) {
    lua_rawgeti(L, 3, i);
    positions.push_back(static_cast<std::size_t>(lua_tointeger(L, -1)));
    lua_pop(L, 1);
  }
  std::int64_t count = 0;
  while (csv.advance()) {
    if (++count % lines_a_look == 0) (void)context::of(L).database();
    copy_line(csv, positions, into);
  }
  return count;
}

int copy(lua_State* L) {
  csv_file& csv = csv_file_at(L, 1);
  luaL_checktype(L, 3, LUA_TTABLE);
  context::of(L).row.line_of = nullptr;
  lua_pushnumber(L, static_cast<double>(copy_lines(L, csv, row_writer_at(L, 2))));
  return 1;
}

int close(lua_State* L) {
  csv_file& csv = csv_file_at(L, 1);
  context::of(L).row.line_of = nullptr;
  csv.window->block = nullptr;
  csv.reader.reset();
  return 0;
}

// names -> names, window: of lines with these columns. Each keeps the other, for a line may be kept
// when the file is forgotten.
void push_line_window(lua_State* L, int file, csv_file& csv) {
  {
    std::vector<db::column> columns(csv.columns);
    for (std::size_t i = 0; i < csv.columns; ++i) {
      lua_rawgeti(L, -1, static_cast<int>(i) + 1);
      columns[i].name = bytes_at(L, -1);
      lua_pop(L, 1);
    }
    csv.window = &push_window(L, columns);
  }
  lua_getfenv(L, -1);
  lua_pushvalue(L, file);
  lua_setfield(L, -2, "file");
  lua_pop(L, 1);
}

void read_nulls(lua_State* L, int index, csv_file& csv) {
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
    lua_rawgeti(L, index, i);
    csv.nulls.emplace_back(bytes_at(L, -1));
    csv.longest_null = std::max(csv.longest_null, csv.nulls.back().size());
    lua_pop(L, 1);
  }
}

}  // namespace

bool csv_file::advance() {
  if (window != nullptr) window->block = nullptr;  // its line lay in the reader
  if (!reader) return false;
  do {
    if (!reader->next()) {
      reader.reset();
      return false;
    }
  } while (columns > 1 && reader->is_blank());
  if (reader->size() != columns) refuse_count(*this);
  return true;
}

bool csv_file::advance_row() {
  if (!advance()) return false;
  block.clear(columns);
  for (std::size_t i = 0; i < columns; ++i) {
    if (is_null(i)) {
      block.add_null();
    } else {
      block.add_view(db::cell_kind::text, reader->field(i));
    }
  }
  window->block = &block;
  ++window->serial;
  return true;
}

bool csv_file::is_null(std::size_t at) const {
  const std::string_view field = reader->field(at);
  if (nulls.empty()) return field.empty() && !reader->is_quoted(at);
  if (field.size() > longest_null) return false;
  return std::find(nulls.begin(), nulls.end(), field) != nulls.end();
}

void csv_file::reject(context& ctx, std::int64_t at, const std::string& why, bool by_function) {
  const std::string text = name + ":" + std::to_string(at) + ": " + why;
  ++rejects;
  const bool too_many = most_rejects ? rejects > *most_rejects : !by_function;
  if (too_many) {
    ctx.row.line_of = nullptr;
    throw error{errc::migration, text,
                most_rejects ? "it is one more rejected line than max_rejects = " +
                                   std::to_string(*most_rejects) + " allows"
                             : "mend the line, or let max_rejects = … lines be left out"};
  }
  if (rejects <= most_said) say(ctx, "rejected: " + text);
  if (rejects == most_said) say(ctx, "more lines that are rejected are counted, and not named");
}

std::optional<std::vector<std::string>> parts_beneath(std::string_view path) {
  std::vector<std::string> parts = text::split(path, '/');
  if (!is_inside(parts)) return std::nullopt;
  return parts;
}

void open_csv_file(const context& ctx, std::string_view word, std::string_view path, char delimiter,
                   csv_file& into) {
  const auto parts = parts_beneath(path);
  engine::script_files::reader in = parts ? ctx.files->open(*parts) : nullptr;
  into.name = text::one_line(path);
  if (!in)
    throw error{errc::migration,
                std::string(word) + ": '" + into.name + "' is no file of the migrations directory",
                "a path goes down from there, \"seed/countries.csv\", and links are not followed"};
  into.reader = std::make_unique<codec::csv_reader>(std::move(in), into.name, delimiter);
}

void push_csv_names(lua_State* L, int index, csv_file& csv) {
  if (lua_istable(L, index)) {
    lua_pushvalue(L, index);
  } else {
    const codec::csv_reader& in = *csv.reader;
    read_header(*csv.reader);
    lua_createtable(L, static_cast<int>(in.size()), 0);
    for (std::size_t i = 0; i < in.size(); ++i) {
      lua_pushlstring(L, in.field(i).data(), in.field(i).size());
      lua_rawseti(L, -2, static_cast<int>(i) + 1);
    }
  }
  csv.columns = lua_objlen(L, -1);
}

csv_file& csv_file_at(lua_State* L, int index) {
  void* const object = object_at(L, index, context::of(L).refs.csv_metatable);
  if (object == nullptr)
    throw error{errc::migration, "a file's function was called without its file"};
  return *static_cast<csv_file*>(object);
}

void open_csv_files(lua_State* L) {
  constexpr std::array<luaL_Reg, 10> methods{{{"next", guarded<next_line>},
                                              {"current", guarded<current_line>},
                                              {"names", guarded<names>},
                                              {"line", guarded<line>},
                                              {"reject", guarded<reject>},
                                              {"rejects", guarded<rejects>},
                                              {"copy", guarded<copy>},
                                              {"close", guarded<close>},
                                              {"__gc", destroy},
                                              {nullptr, nullptr}}};
  make_class(L, methods, context::of(L).refs.csv_metatable);
}

int core_csv_open(lua_State* L) {
  const std::string_view path = text_argument(L, 1, "the path");
  const std::string_view delimiter = text_argument(L, 2, "the delimiter");
  const std::string_view word = text_argument(L, 6, "the word");
  lua_settop(L, 6);
  // A loop that is left leaves its file open, and the collector does not see what that holds.
  if (++context::of(L).files_opened % files_between_collections == 0) lua_gc(L, LUA_GCCOLLECT, 0);
  auto* csv = new (lua_newuserdata(L, sizeof(csv_file))) csv_file;  // …, file
  push(L, context::of(L).refs.csv_metatable);
  lua_setmetatable(L, -2);
  open_csv_file(context::of(L), word, path, delimiter.front(), *csv);
  if (lua_istable(L, 4)) read_nulls(L, 4, *csv);
  if (lua_isnumber(L, 5)) csv->most_rejects = static_cast<std::int64_t>(lua_tonumber(L, 5));
  const int file = lua_gettop(L);
  lua_createtable(L, 3, 0);  // file, environment
  push_csv_names(L, 3, *csv);
  lua_pushvalue(L, -1);
  lua_rawseti(L, file + 1, 1);
  push_line_window(L, file, *csv);  // file, environment, names, window
  push_lazy_metatable(L, lua_gettop(L));
  lua_rawseti(L, file + 1, 3);
  lua_rawseti(L, file + 1, 2);
  lua_pop(L, 1);
  lua_setfenv(L, -2);
  return 1;
}

}  // namespace luamig::bindings
