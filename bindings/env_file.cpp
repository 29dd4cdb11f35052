#include "bindings/env_file.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "bindings/context.hpp"
#include "bindings/environment.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/script_call.hpp"
#include "bindings/words.hpp"
#include "script/checksum.hpp"

namespace luamig::bindings {
namespace {

constexpr std::array hook_names{"url",      "before_step",    "after_step",
                                "on_error", "include_object", "process_revision"};

error naming(error e, errc code, std::string_view hook) {
  e = leaving(std::move(e), code, "env.lua");
  e.function = hook;
  e.message = "the hook " + std::string(hook) + "() failed: " + e.message;
  return e;
}

// environment, name -> the function
void push_hook(lua_State* L, int environment, const char* hook) {
  push(L, environment);
  lua_pushstring(L, hook);
  lua_rawget(L, -2);
  lua_replace(L, -2);
}

/// A function whose name is nearly a hook's was meant as one, and would never be called.
void refuse_slip(lua_State* L, const std::string& name) {
  const std::vector<std::string> known(hook_names.begin(), hook_names.end());
  const std::string near = text::did_you_mean(name, known);
  if (near.empty() || std::find(known.begin(), known.end(), name) != known.end()) return;
  lua_Debug about;
  lua_getinfo(L, ">S", &about);
  error e{errc::script, "there is no hook '" + name + "'" + near,
          "rename it; a function that is no hook can be local"};
  e.file = "env.lua";
  e.line = about.linedefined;
  throw e;
}

void refuse_slips(lua_State* L, int environment) {
  push(L, environment);
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TFUNCTION) {
      refuse_slip(L, lua_tostring(L, -2));
    }
  }
  lua_pop(L, 1);
}

void push_outcome(lua_State* L) {
  const engine::step_context* step = context::of(L).step;
  push_step(L, context::of(L));
  if (step == nullptr || step->outcome.empty()) return;
  lua_pushlstring(L, step->outcome.data(), step->outcome.size());
  lua_setfield(L, -2, "outcome");
  lua_pushnumber(L, step->seconds);
  lua_setfield(L, -2, "seconds");
}

}  // namespace

env_file::env_file(std::string_view source) : source_(script::normalise(source)) {}

void env_file::load(lua_State* L) {
  protected_call(L, [this](lua_State* inner) {
    push_environment(inner, "env");
    environment_ = luaL_ref(inner, LUA_REGISTRYINDEX);
  });
  const file_scope scope(context::of(L), environment_, nullptr);
  const std::string chunk = "@env.lua";
  auto failure = attempt(L, [this, &chunk](lua_State* inner) {
    push(inner, environment_);
    run_chunk(inner, source_, chunk, 1);
    find_hooks(inner);
  });
  if (failure) throw leaving(std::move(*failure), errc::script, "env.lua");
}

void env_file::find_hooks(lua_State* L) {
  refuse_slips(L, environment_);
  for (const char* hook : hook_names) {
    push_hook(L, environment_, hook);
    const int type = lua_type(L, -1);
    lua_pop(L, 1);
    if (type == LUA_TFUNCTION) hooks_.emplace(hook);
    if (type != LUA_TFUNCTION && type != LUA_TNIL)
      throw error{errc::script, "'" + std::string(hook) + "' of env.lua is a " +
                                    lua_typename(L, type) + ", not a function"};
  }
}

std::optional<std::string> env_file::url(lua_State* L) {
  if (!has("url")) return {};
  const file_scope scope(context::of(L), environment_, nullptr);
  std::optional<std::string> answer;
  auto failure = attempt(L, [this, &answer](lua_State* inner) {
    push_hook(inner, environment_, "url");
    call_script(inner, 0, 1);
    if (lua_isnil(inner, -1)) return;
    if (lua_type(inner, -1) != LUA_TSTRING)
      throw error{errc::config, std::string("it returned a ") + luaL_typename(inner, -1),
                  "return the URL as text, or nil"};
    std::size_t size = 0;
    const char* data = lua_tolstring(inner, -1, &size);
    answer.emplace(data, size);
  });
  if (failure) throw naming(std::move(*failure), errc::config, "url");
  return answer;
}

void env_file::call(lua_State* L, std::string_view hook, const error* what) {
  const auto at = hooks_.find(hook);
  if (at == hooks_.end()) return;
  const file_scope scope(context::of(L), environment_, nullptr);
  auto failure = attempt(L, [this, &at, what](lua_State* inner) {
    push_hook(inner, environment_, at->c_str());
    push_outcome(inner);
    if (what != nullptr) push_error(inner, *what);
    call_script(inner, what != nullptr ? 2 : 1, 0);
  });
  if (failure) throw naming(std::move(*failure), errc::migration, hook);
}

}  // namespace luamig::bindings
