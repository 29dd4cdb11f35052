#pragma once

#include <lua.hpp>
#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "graph/plan.hpp"
#include "script/script_directory.hpp"

namespace luamig::bindings {

/// One migration file in the Lua state: between `load` and the end of `run` it has an environment
/// there.
class migration_file {
 public:
  /// `script` must outlive it.
  explicit migration_file(const script::script& script);
  migration_file(const migration_file&) = delete;
  migration_file& operator=(const migration_file&) = delete;

  /// Runs the file's top level. Throws error{errc::script}.
  void load(lua_State* L, graph::direction way);
  /// Calls upgrade() and verify(), or downgrade(). A second run loads the file afresh, so that
  /// nothing of the first is left in its variables.
  void run(lua_State* L, graph::direction way);

  /// Chunk name to checksum of what it required so far.
  [[nodiscard]] const std::map<std::string, std::string>& required() const noexcept {
    return required_;
  }

 private:
  void run_top_level(lua_State* L);
  std::optional<error> call(lua_State* L, const char* function);
  void push_arguments(lua_State* L) const;
  void release(lua_State* L);

  const script::script& script_;
  std::string chunk_;
  std::map<std::string, std::string> required_;
  int environment_ = LUA_NOREF;
  int functions_ = LUA_NOREF;  // what holds upgrade(): the environment, or what the file returned
  bool returned_ = false;
  bool ran_ = false;
};

}  // namespace luamig::bindings
