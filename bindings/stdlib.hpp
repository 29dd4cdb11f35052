#pragma once

#include <lua.hpp>
#include <optional>
#include <span>
#include <string_view>

namespace luamig::bindings {

/// One Lua module of the stdlib as it is compiled in: "luamig/sql/types.lua" and its bytecode in
/// parts.
struct embedded_module {
  std::string_view path;
  std::span<const std::string_view> parts;
};
/// Sorted by path. Made by cmake/embed.cmake.
[[nodiscard]] std::span<const embedded_module> embedded_modules() noexcept;

/// Gives the stdlib its own globals: LuaJIT's libraries, strict, and a `require` that finds
/// luamig.core, the embedded modules (or those in context.stdlib), and LuaJIT's built-in ones,
/// never a file elsewhere. // -
void open_stdlib(lua_State* L);
/// Pushes a module, loading it the first time. Raises Lua's error when it cannot. // module
void push_module(lua_State* L, const char* name);
/// Whether the stdlib has this module ("luamig.json").
[[nodiscard]] bool has_module(lua_State* L, std::string_view name);

}  // namespace luamig::bindings
