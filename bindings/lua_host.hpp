#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/observer.hpp"
#include "engine/script_clock.hpp"
#include "engine/script_files.hpp"
#include "engine/script_host.hpp"
#include "engine/second_place.hpp"

namespace luamig::bindings {

/// What a Lua host is made with. No Lua type leaves this room.
struct lua_host_options {
  std::filesystem::path migrations;                    ///< where env.lua, models.lua and lib/ lie
  std::int64_t memory_limit = 256 * 1024 * 1024;       ///< bytes for all of Lua; 0: none
  engine::script_limits limits = {};                   ///< for messages: see engine::timed_host
  std::vector<std::pair<std::string, std::string>> x;  ///< -x arguments, the last of a name wins
  /// The value of a name of [secrets]; throws where there is none.
  std::function<std::string(std::string_view)> secret = {};
  /// Where the second database of a name is; throws where there is none.
  engine::second_places second_place = {};
  std::filesystem::path stdlib;  ///< read the stdlib from here instead of the embedded copy
  /// Instead of those beneath `migrations`.
  std::shared_ptr<engine::script_files> files = {};
  /// What os.getenv of env.lua says; none: the environment of this process.
  std::function<std::optional<std::string>(const std::string&)> variable = {};
  /// Sleeps for a script; none: the host does.
  std::function<void(std::chrono::milliseconds)> rest = {};
  /// Called in each process that is forked to work beside this one, before anything else.
  std::function<void()> forked = {};
  bool compiles = true;  ///< the stdlib, to machine code
  bool relays = false;   ///< what is printed goes on as it is: somebody else masks and cuts it
};

/// What a Lua host does, for a door that may be another process's.
class lua_scripts : public engine::script_host {
 public:
  // As the functions of script_host.
  virtual void run_on(const engine::step_context& step, engine::door& on) = 0;
  virtual void perform_on(const engine::step_context& step, engine::door& on,
                          std::string_view operation) = 0;
  [[nodiscard]] virtual std::optional<std::string> enter_on(const engine::step_context& step,
                                                            engine::door& on,
                                                            const engine::shell_entry& entry) = 0;
  [[nodiscard]] virtual std::vector<std::string> consult_on(std::string_view function,
                                                            const std::vector<std::string>& given,
                                                            engine::door* on) = 0;
  /// "before_step", "after_step"; nothing where env.lua has no such function.
  virtual void hook_on(const char* name, const engine::step_context& step, engine::door& on) = 0;
};

/// A script host on LuaJIT. The Lua state is made with the first script or hook that needs it;
/// env.lua is run once, when the first hook is asked for. `watching` gets what scripts print and
/// log, and must outlive the host.
[[nodiscard]] std::unique_ptr<lua_scripts> make_lua_host(lua_host_options options,
                                                         engine::observer& watching);

}  // namespace luamig::bindings
