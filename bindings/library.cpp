#include "bindings/library.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bindings/context.hpp"
#include "script/checksum.hpp"

namespace luamig::bindings {
namespace {

bool is_name(std::string_view name) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  if (name.empty() || !is_word(name.front()) || name.back() == '.') return false;
  if (name.find("..") != std::string_view::npos) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return is_word(c) || c == '.'; });
}

std::vector<std::string> path_of(std::string_view name, bool models_too) {
  if (models_too && name == "models") return {"models.lua"};
  std::vector<std::string> parts = text::split(name, '.');
  parts.insert(parts.begin(), "lib");
  parts.back() += ".lua";
  return parts;
}

}  // namespace

library find_library(engine::script_files& files, std::string_view name, bool models_too) {
  if (!is_name(name))
    throw error{errc::migration, "require(\"" + text::escape_controls(name) + "\") is not a name",
                "require(\"names\") reads lib/names.lua, require(\"geo.names\") lib/geo/names.lua"};
  const std::vector<std::string> parts = path_of(name, models_too);
  library found{text::join(parts, "/"), {}};
  const std::optional<std::string> source = files.library(parts);
  if (!source)
    throw error{errc::migration,
                "no module '" + std::string(name) + "': " + found.chunk +
                    " is no file of the migrations directory" +
                    text::did_you_mean(name, files.libraries()),
                "libraries lie in lib/ of the migrations directory, and links are not followed"};
  found.source = script::normalise(*source);
  return found;
}

namespace {

// The text of the file that runs, or of another one of the project.
std::string text_of_file(const context& ctx, std::string_view name) {
  const engine::step_context* const step = ctx.step;
  if (step != nullptr && step->script != nullptr && step->script->name == name) {
    return step->script->text;
  }
  const auto source = ctx.files->text(text::split(name, '/'));
  return source ? script::normalise(*source) : std::string();
}

// From the first line to the last.
std::string lines_of(const std::string& text, int first, int last) {
  const std::vector<std::string> lines = text::split(text, '\n');
  std::string found;
  for (int line = std::max(first, 1); line <= last; ++line) {
    const auto at = static_cast<std::size_t>(line) - 1;
    if (at < lines.size()) found += lines[at] + '\n';
  }
  return found;
}

// Without what stands before it on its first line: the options of the call that it is given to. A
// line with another function before it keeps that one too.
std::string_view from_function(std::string_view lines) {
  constexpr std::string_view keyword = "function";
  const auto is_part_of_word = [&](std::size_t at) {
    return at < lines.size() &&
           (std::isalnum(static_cast<unsigned char>(lines[at])) != 0 || lines[at] == '_');
  };
  const std::size_t end_of_line = lines.find('\n');
  for (std::size_t at = lines.find(keyword); at < end_of_line; at = lines.find(keyword, at + 1)) {
    if ((at == 0 || !is_part_of_word(at - 1)) && !is_part_of_word(at + keyword.size()))
      return lines.substr(at);
  }
  return lines;
}

}  // namespace

int core_source_of(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_Debug about{};
  lua_settop(L, 1);
  lua_getinfo(L, ">S", &about);
  if (about.source[0] != '@') return 0;
  context& ctx = context::of(L);
  ctx.scratch =
      lines_of(text_of_file(ctx, about.source + 1), about.linedefined, about.lastlinedefined);
  if (ctx.scratch.empty()) return 0;
  const std::string_view found = from_function(ctx.scratch);
  lua_pushlstring(L, found.data(), found.size());
  return 1;
}

int core_library(lua_State* L) {
  context& ctx = context::of(L);
  std::size_t size = 0;
  const char* const data = luaL_checklstring(L, 1, &size);
  const std::string_view name(data, size);
  const bool models_too = lua_toboolean(L, 2) != 0;
  std::array<char, 512> chunk{};
  {
    library found = find_library(*ctx.files, name, models_too);
    if (ctx.required != nullptr)
      ctx.required->insert_or_assign(found.chunk, script::checksum(found.source));
    found.chunk.copy(chunk.data(), chunk.size() - 1);
    ctx.scratch = std::move(found.source);
  }
  lua_pushlstring(L, ctx.scratch.data(), ctx.scratch.size());
  lua_pushstring(L, chunk.data());
  return 2;
}

}  // namespace luamig::bindings
