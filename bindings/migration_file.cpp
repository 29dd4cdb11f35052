#include "bindings/migration_file.hpp"

#include "base/error.hpp"
#include "bindings/context.hpp"
#include "bindings/environment.hpp"
#include "bindings/guard.hpp"
#include "bindings/header_check.hpp"
#include "bindings/script_call.hpp"
#include "script/checksum.hpp"

namespace luamig::bindings {

migration_file::migration_file(const script::script& script)
    : script_(script), chunk_("@" + script.name) {}

void migration_file::load(lua_State* L, graph::direction way) {
  release(L);
  required_.clear();
  ran_ = false;
  protected_call(L, [this](lua_State* inner) {
    push_environment(inner, "migration");
    environment_ = luaL_ref(inner, LUA_REGISTRYINDEX);
  });
  const file_scope scope(context::of(L), environment_, &required_);
  auto failure = attempt(L, [this, way](lua_State* inner) {
    run_top_level(inner);  // functions
    compare_header(inner, 1, script_);
    check_functions(inner, 1, script_, way);
    functions_ = luaL_ref(inner, LUA_REGISTRYINDEX);
  });
  if (failure) throw leaving(std::move(*failure), errc::script, script_.name);
}

void migration_file::run_top_level(lua_State* L) {
  seed_random(L, seed_of(script_.head.revision, ""));
  push(L, environment_);
  run_chunk(L, script_.text, chunk_, 1);  // environment, returned
  returned_ = lua_type(L, 2) == LUA_TTABLE;
  if (returned_) lua_replace(L, 1);
  lua_settop(L, 1);  // functions
}

void migration_file::run(lua_State* L, graph::direction way) {
  if (ran_) load(L, way);
  ran_ = true;
  const file_scope scope(context::of(L), environment_, &required_);
  const bool up = way != graph::direction::downgrade;
  auto failure = call(L, up ? "upgrade" : "downgrade");
  if (!failure && up && script_.head.has_verify) failure = call(L, "verify");
  release(L);
  if (failure) throw std::move(*failure);
}

// The functions of a returned table get what globals are to others. // functions, function, op, db
void migration_file::push_arguments(lua_State* L) const {
  push(L, environment_);
  lua_getfield(L, 3, "op");
  lua_getfield(L, 3, "db");
  lua_remove(L, 3);
}

std::optional<error> migration_file::call(lua_State* L, const char* function) {
  auto failure = attempt(L, [this, function](lua_State* inner) {
    seed_random(inner, seed_of(script_.head.revision, function));
    push(inner, functions_);
    lua_pushstring(inner, function);
    lua_rawget(inner, 1);  // functions, function
    if (returned_) push_arguments(inner);
    call_script(inner, lua_gettop(inner) - 2, 0);
    context::of(inner).database().settle_unread();
  });
  if (!failure) return {};
  failure = leaving(std::move(*failure), errc::migration, script_.name);
  failure->function = function;
  return failure;
}

void migration_file::release(lua_State* L) {
  luaL_unref(L, LUA_REGISTRYINDEX, environment_);
  luaL_unref(L, LUA_REGISTRYINDEX, functions_);
  environment_ = LUA_NOREF;
  functions_ = LUA_NOREF;
}

}  // namespace luamig::bindings
