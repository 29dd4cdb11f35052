#include "bindings/stdlib.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "bindings/context.hpp"
#include "bindings/core.hpp"
#include "bindings/guard.hpp"

namespace luamig::bindings {
namespace {

std::string path_of(std::string_view module) {
  std::string path(module);
  std::replace(path.begin(), path.end(), '.', '/');
  return path + ".lua";
}

const embedded_module* find_embedded(std::string_view path) {
  const auto all = embedded_modules();
  const auto at = std::lower_bound(all.begin(), all.end(), path,
                                   [](const auto& m, std::string_view p) { return m.path < p; });
  return at != all.end() && at->path == path ? &*at : nullptr;
}

// The text in context.scratch; false when there is no such module.
bool find_source(context& ctx, const std::string& path) {
  if (!ctx.stdlib.empty()) {
    const auto file = ctx.stdlib / path;
    if (!std::filesystem::is_regular_file(file)) return false;
    ctx.scratch = file::read(file);
    return true;
  }
  const embedded_module* found = find_embedded(path);
  if (found == nullptr) return false;
  ctx.scratch.clear();
  for (const std::string_view part : found->parts) ctx.scratch += part;
  return true;
}

// A module of luajit's own ("ffi", "table.new"): from package.loaded or package.preload.
int push_builtin(lua_State* L, const char* name) {
  lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
  lua_getfield(L, -1, name);
  if (!lua_isnil(L, -1)) return 1;
  lua_getfield(L, LUA_REGISTRYINDEX, "_PRELOAD");
  lua_getfield(L, -1, name);
  if (lua_isnil(L, -1)) return luaL_error(L, "the stdlib has no module '%s'", name);
  lua_pushstring(L, name);
  lua_call(L, 1, 1);
  return 1;
}

// Compiles context.scratch; what is embedded is compiled already, for parsing the modules that a
// first op.execute() needs would take 2 ms. // chunk
void compile(lua_State* L, const char* path) {
  lua_pushfstring(L, "@%s", path);
  const context& ctx = context::of(L);
  const char* mode = ctx.stdlib.empty() ? "b" : "t";
  if (luaL_loadbufferx(L, ctx.scratch.data(), ctx.scratch.size(), lua_tostring(L, -1), mode) != 0)
    lua_error(L);
  lua_replace(L, -2);
}

struct module_source {
  bool found = false;
  std::array<char, 256> path{};
};

module_source look_up(lua_State* L, const char* name) {
  module_source source;
  const std::string path = path_of(name);
  if (path.size() >= source.path.size()) return source;
  path.copy(source.path.data(), path.size());
  source.found = find_source(context::of(L), path);
  return source;
}

// chunk, name -> module. What a module does once is not worth a trace: with the compiler on, the
// first use of op took 4.1 ms instead of 3.1.
void run_interpreted(lua_State* L) {
  context& ctx = context::of(L);
  const bool outermost = !std::exchange(ctx.loading, true);
  if (outermost) luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
  lua_call(L, 1, 1);
  if (!outermost) return;
  luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_ON);
  ctx.loading = false;
}

// name -> module; the table of loaded ones holds `false` while one is being loaded
int load_module(lua_State* L) {
  const char* name = luaL_checkstring(L, 1);
  lua_settop(L, 1);
  push(L, context::of(L).refs.modules);  // name, modules
  lua_getfield(L, 2, name);
  if (lua_toboolean(L, -1) != 0) return 1;
  if (lua_isboolean(L, -1)) return luaL_error(L, "module '%s' requires itself", name);
  lua_pop(L, 1);
  const module_source source = look_up(L, name);
  if (!source.found) return push_builtin(L, name);
  lua_pushboolean(L, 0);
  lua_setfield(L, 2, name);
  compile(L, source.path.data());
  lua_pushstring(L, name);
  run_interpreted(L);
  if (!lua_istable(L, -1)) return luaL_error(L, "module '%s' returns no table", name);
  lua_pushvalue(L, -1);
  lua_setfield(L, 2, name);
  return 1;
}

int refuse_global(lua_State* L) {
  return luaL_error(L, "undeclared global '%s' in the stdlib", lua_tostring(L, 2));
}

}  // namespace

void open_stdlib(lua_State* L) {
  lua_createtable(L, 0, 16);  // modules
  push_core(L);               // modules, core
  lua_setfield(L, -2, "luamig.core");
  context::of(L).refs.modules = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pushcfunction(L, guarded<load_module>);
  lua_setglobal(L, "require");
  lua_createtable(L, 0, 2);  // metatable
  lua_pushcfunction(L, guarded<refuse_global>);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, guarded<refuse_global>);
  lua_setfield(L, -2, "__newindex");
  lua_setmetatable(L, LUA_GLOBALSINDEX);
}

void push_module(lua_State* L, const char* name) {
  lua_pushcfunction(L, guarded<load_module>);
  lua_pushstring(L, name);
  lua_call(L, 1, 1);
}

bool has_module(lua_State* L, std::string_view name) {
  const context& ctx = context::of(L);
  const std::string path = path_of(name);
  if (ctx.stdlib.empty()) return find_embedded(path) != nullptr;
  return std::filesystem::is_regular_file(ctx.stdlib / path);
}

}  // namespace luamig::bindings
