#pragma once

#include <exception>
#include <lua.hpp>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/error.hpp"

namespace luamig::bindings {

/// Keeps an exception until it may be raised: no Lua is touched.
void keep_failure(lua_State* L, const std::exception& failure);
/// Raises what was kept as an error object that names the user's nearest line. Never returns.
int raise_kept(lua_State* L);

/// The door of every function that Lua can call. An exception is kept, the try is left, and only
/// then Lua's error is raised: Lua's own errors unwind through here untouched.
///
/// In `body` nothing with a destructor may be alive at a raising lua_* call: every lua_push… of a
/// string or table is one, because memory is limited.
template <lua_CFunction body>
int guarded(lua_State* L) {
  try {
    return body(L);
  } catch (const std::exception& e) {
    keep_failure(L, e);
  }
  return raise_kept(L);
}

/// lua_cpcall; what Lua raised comes back as an error.
std::optional<error> run_protected(lua_State* L, lua_CFunction trampoline, void* call);

/// Runs `body(L)` on an empty stack, protected, and gives back what it threw or Lua raised.
template <typename Body>
std::optional<error> attempt(lua_State* L, Body&& body) {
  struct call {
    std::remove_reference_t<Body>* body;
    std::optional<error> thrown;
  } the_call{&body, std::nullopt};
  auto raised = run_protected(
      L,
      [](lua_State* inner) {
        auto* c = static_cast<call*>(lua_touserdata(inner, 1));
        lua_settop(inner, 0);
        try {
          (*c->body)(inner);
        } catch (const error& e) {
          c->thrown = e;
        } catch (const std::exception& e) {
          c->thrown = error(errc::migration, e.what());
        }
        return 0;
      },
      &the_call);
  return raised ? raised : the_call.thrown;
}

/// As attempt, but throws.
template <typename Body>
void protected_call(lua_State* L, Body&& body) {
  if (auto failure = attempt(L, body)) throw std::move(*failure);
}

}  // namespace luamig::bindings
