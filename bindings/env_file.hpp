#pragma once

#include <lua.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace luamig::bindings {

/// env.lua: run once, its hooks looked up once.
class env_file {
 public:
  explicit env_file(std::string_view source);

  /// Runs it. Throws error{errc::script}; a hook that is no function is one.
  void load(lua_State* L);
  /// A reference to its globals.
  [[nodiscard]] int environment() const noexcept { return environment_; }
  [[nodiscard]] bool has(std::string_view hook) const { return hooks_.contains(hook); }

  /// What url() says; nothing where there is no such hook or it returns nil. Errors are
  /// errc::config.
  [[nodiscard]] std::optional<std::string> url(lua_State* L);
  /// Calls a hook with the step, and the error where there is one; nothing where it is absent.
  void call(lua_State* L, std::string_view hook, const error* what);

 private:
  void find_hooks(lua_State* L);

  std::string source_;
  std::set<std::string, std::less<>> hooks_;
  int environment_ = LUA_NOREF;
};

}  // namespace luamig::bindings
