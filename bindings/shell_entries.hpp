#pragma once

#include <lua.hpp>
#include <map>
#include <optional>
#include <string>

#include "engine/script_host.hpp"

namespace luamig::bindings {

/// The entries of a shell: each is a file of its own, in an environment that they share. What an
/// entry is, and how its values are shown, says the stdlib's `luamig.shell`.
class shell_entries {
 public:
  shell_entries() = default;
  shell_entries(const shell_entries&) = delete;
  shell_entries& operator=(const shell_entries&) = delete;

  /// As engine::script_host::enter. Throws error{errc::migration} and what no script catches.
  std::optional<std::string> enter(lua_State* L, const engine::shell_entry& entry);

 private:
  int environment_ = LUA_NOREF;
  std::map<std::string, std::string> required_;
};

}  // namespace luamig::bindings
