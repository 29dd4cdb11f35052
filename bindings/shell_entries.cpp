#include "bindings/shell_entries.hpp"

#include <string_view>
#include <utility>

#include "bindings/context.hpp"
#include "bindings/environment.hpp"
#include "bindings/guard.hpp"
#include "bindings/script_call.hpp"
#include "bindings/stdlib.hpp"

namespace luamig::bindings {
namespace {

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

std::optional<std::string> text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* const text = lua_tolstring(L, index, &size);
  return text == nullptr ? std::nullopt : std::optional<std::string>(std::in_place, text, size);
}

error no_lua(lua_State* L, std::string_view name) {
  error e(errc::migration, text_at(L, 3).value_or(""), text_at(L, 5).value_or(""));
  e.file = name;
  e.line = static_cast<int>(lua_tointeger(L, 4));
  return e;
}

}  // namespace

std::optional<std::string> shell_entries::enter(lua_State* L, const engine::shell_entry& entry) {
  if (environment_ == LUA_NOREF) {
    protected_call(L, [this](lua_State* inner) {
      push_environment(inner, "migration");
      environment_ = luaL_ref(inner, LUA_REGISTRYINDEX);
    });
  }
  const file_scope scope(context::of(L), environment_, &required_);
  std::optional<std::string> shown;
  auto failure = attempt(L, [&](lua_State* inner) {
    push_module(inner, "luamig.shell");
    lua_getfield(inner, -1, "enter");  // module, function
    push(inner, environment_);
    push_text(inner, entry.text);
    push_text(inner, entry.name);
    lua_pushboolean(inner, entry.last ? 1 : 0);
    call_script(inner, 4, 4);  // shown, problem, line, hint
    context::of(inner).database().settle_unread();
    if (lua_isboolean(inner, 2)) throw no_lua(inner, entry.name);
    shown = text_at(inner, 2);
  });
  if (failure) throw leaving(std::move(*failure), errc::migration, entry.name);
  return shown;
}

}  // namespace luamig::bindings
