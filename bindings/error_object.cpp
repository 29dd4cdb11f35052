#include "bindings/error_object.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "bindings/location.hpp"
#include "bindings/rows.hpp"
#include "bindings/savepoint.hpp"
#include "bindings/stopping.hpp"
#include "bindings/value.hpp"
#include "db/row_target.hpp"

namespace luamig::bindings {
namespace {

struct text_field {
  std::string_view name;
  std::string error::*member;
};
constexpr std::array text_fields{
    text_field{"message", &error::message},
    text_field{"kind", &error::kind},
    text_field{"sql", &error::sql},
    text_field{"sqlstate", &error::sqlstate},
    text_field{"table", &error::table},
    text_field{"column", &error::column},
    text_field{"constraint", &error::constraint},
    text_field{"hint", &error::hint},
    text_field{"file", &error::file},
};

int field(lua_State* L) {
  const error* e = to_error(L, 1);
  if (e == nullptr || lua_type(L, 2) != LUA_TSTRING) return 0;
  std::size_t size = 0;
  const char* data = lua_tolstring(L, 2, &size);
  const std::string_view wanted(data, size);
  for (const text_field& f : text_fields) {
    if (f.name != wanted) continue;
    const std::string& text = e->*f.member;
    lua_pushlstring(L, text.data(), text.size());
    return 1;
  }
  if (wanted == "line") {
    lua_pushinteger(L, e->line);
    return 1;
  }
  if (wanted == "about_row") {
    lua_pushboolean(L, db::is_about_row(*e) ? 1 : 0);
    return 1;
  }
  if (wanted != "code") return 0;
  const std::string_view code = name(e->code);
  lua_pushlstring(L, code.data(), code.size());
  return 1;
}

int spell(lua_State* L) {
  const error* e = to_error(L, 1);
  if (e == nullptr) return 0;
  if (e->file.empty()) return lua_pushlstring(L, e->message.data(), e->message.size()), 1;
  if (e->line == 0) return lua_pushfstring(L, "%s: %s", e->file.c_str(), e->message.c_str()), 1;
  lua_pushfstring(L, "%s:%d: %s", e->file.c_str(), e->line, e->message.c_str());
  return 1;
}

// "failed: " .. err
int join(lua_State* L) {
  count_depth(L);
  const int depth = context::of(L).depth;
  for (const int side : {1, 2}) {
    push(L, context::of(L).refs.tostring);
    lua_pushvalue(L, side);
    lua_call(L, 1, 1);
  }
  context::of(L).depth = depth - 1;
  lua_concat(L, 2);
  return 1;
}

// Throws nothing, and must not fail: it stands outside the guard, as the collector calls it.
int destroy(lua_State* L) noexcept {
  static_cast<error*>(lua_touserdata(L, 1))->~error();
  return 0;
}

// The pending error becomes an object; the userdata is made first, so that nothing is lost when
// memory is refused.
void push_pending(lua_State* L) {
  context& ctx = context::of(L);
  void* room = lua_newuserdata(L, sizeof(error));
  new (room) error(std::move(*ctx.pending));
  ctx.pending.reset();
  push(L, ctx.refs.error_metatable);
  lua_setmetatable(L, -2);
}

constexpr std::size_t longest_message = 64 * 1024;
constexpr std::string_view lua_yield = "attempt to yield across C-call boundary";
constexpr std::string_view lua_depth = "stack overflow";

std::string explained(std::string_view message) {
  if (message == lua_yield)
    return "coroutine.yield() outside a coroutine, or across pcall, sort, gsub or a call of luamig";
  if (message.starts_with(lua_depth)) return "stack overflow: a function calls itself without end";
  return std::string(message);
}

// "null", "a table", "the number 42"
std::string raised_value(lua_State* L, int index) {
  const std::string kind(kind_of(L, index));
  if (kind == "nil" || kind == "null") return kind;
  if (kind == "number") {
    std::array<char, 32> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), lua_tonumber(L, index));
    return "the number " + std::string(digits.data(), end.ptr);
  }
  if (kind == "exact" || kind == "int64") return "an exact number";
  return (kind == "array" ? "an " : "a ") + kind;
}

error describe(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type == LUA_TSTRING) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L, index, &size);
    std::string_view message(data, size);
    const place at = place_of_message(L, message);
    error e(errc::migration, text::shorten(explained(message), longest_message));
    e.file = at.file;
    e.line = at.line;
    return e;
  }
  error e(errc::migration, "error object is " + raised_value(L, index) + " (no message)",
          "raise a text: error(\"what went wrong\")");
  const place at = user_place(L);
  e.file = at.file;
  e.line = at.line;
  return e;
}

}  // namespace

void open_error_object(lua_State* L) {
  lua_createtable(L, 0, 6);  // metatable
  lua_pushcfunction(L, guarded<field>);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, guarded<spell>);
  lua_setfield(L, -2, "__tostring");
  lua_pushcfunction(L, guarded<join>);
  lua_setfield(L, -2, "__concat");
  lua_pushcfunction(L, destroy);
  lua_setfield(L, -2, "__gc");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  context::of(L).refs.error_metatable = luaL_ref(L, LUA_REGISTRYINDEX);
}

void push_error(lua_State* L, const error& e) {
  context::of(L).pending = e;
  push_pending(L);
}

error* to_error(lua_State* L, int index) noexcept {
  void* object = lua_touserdata(L, index);
  if (object == nullptr || lua_getmetatable(L, index) == 0) return nullptr;
  push(L, context::of(L).refs.error_metatable);
  const bool same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return same ? static_cast<error*>(object) : nullptr;
}

namespace {

// Says which row an error is about, once.
void name_row(const context& ctx, error& e) {
  const std::string row = row_named(ctx);
  if (!row.empty() && !e.message.ends_with(row)) e.message += row;
}

int to_error_object(lua_State* L) {
  if (to_error(L, -1) == nullptr) {
    context::of(L).pending = describe(L, -1);
    push_pending(L);
  }
  name_row(context::of(L), *to_error(L, -1));
  return 1;
}

}  // namespace

int raise_pending(lua_State* L) {
  push_pending(L);
  return lua_error(L);
}

int message_handler(lua_State* L) { return guarded<to_error_object>(L); }

void keep_failure(lua_State* L, const std::exception& failure) {
  context& ctx = context::of(L);
  if (const auto* ours = dynamic_cast<const error*>(&failure))
    ctx.pending = *ours;
  else
    ctx.pending = error(errc::migration, failure.what());
  engine::name_second(*ctx.pending, std::exchange(ctx.about, {}));
}

int raise_kept(lua_State* L) {
  {
    error& e = *context::of(L).pending;
    if (e.line == 0) {
      const place at = user_place(L);
      if (e.file.empty()) e.file = at.file;
      if (e.file == at.file) e.line = at.line;
    }
  }
  push_pending(L);
  return lua_error(L);
}

error take_error(lua_State* L, int status) {
  const error* raised = to_error(L, -1);
  error e = raised != nullptr ? *raised : describe(L, -1);
  if (status == LUA_ERRERR && raised == nullptr)
    e = error(errc::migration, "an error happened while an error was handled");
  lua_pop(L, 1);
  return as_stopped(context::of(L), std::move(e), status);
}

std::optional<error> run_protected(lua_State* L, lua_CFunction trampoline, void* call) {
  context& ctx = context::of(L);
  const int top = lua_gettop(L);
  const int depth = ctx.depth;
  const int status = lua_cpcall(L, trampoline, call);
  std::optional<error> raised;
  if (status != 0) raised = take_error(L, status);
  lua_settop(L, top);
  ctx.depth = depth;
  forgive(ctx);
  return raised;
}

int core_error(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  context& ctx = context::of(L);
  ctx.pending.emplace(errc::migration, "");
  for (const text_field& f : text_fields) {
    lua_getfield(L, 1, f.name.data());
    std::size_t size = 0;
    if (const char* text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &size) : nullptr)
      (*ctx.pending).*f.member = std::string(text, size);
    lua_pop(L, 1);
  }
  lua_getfield(L, 1, "line");
  ctx.pending->line = static_cast<int>(lua_tointeger(L, -1));
  push_pending(L);
  return 1;
}

}  // namespace luamig::bindings
