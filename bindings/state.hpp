#pragma once

#include <memory>

#include "bindings/context.hpp"

namespace luamig::bindings {

/// One Lua state with its memory budget: LuaJIT's libraries opened, the stdlib reachable, nothing
/// of it loaded. The budget counts from the end of that, and makes the collector hurry from half of
/// the limit on, because LuaJIT collects nothing when memory runs out. Past the limit a script is
/// stopped at its next instruction; no request is refused, because LuaJIT does not survive that. So
/// the longest text that one call may make is what core.longest_text says, and user chunks are
/// interpreted.
class state {
 public:
  /// `ctx` must outlive the state; its `memory.limit` is what is allowed.
  explicit state(context& ctx);
  ~state();
  state(const state&) = delete;
  state& operator=(const state&) = delete;

  [[nodiscard]] lua_State* get() const noexcept { return L_; }

 private:
  lua_State* L_;
};

}  // namespace luamig::bindings
