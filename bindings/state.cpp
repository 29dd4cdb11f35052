#include "bindings/state.hpp"

#include <cstdlib>
#include <new>

#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/rows.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

constexpr int usual_step = 200;
constexpr int whole_cycle = 0;
// A refusal unwinds the stack unseen, so no line is known. One overdraft instead lets the hook stop
// the script where it stands; an eighth covers the growth of a table that holds the rest.
constexpr std::size_t overdraft_share = 8;

// Told once each 1/16 of the limit: LuaJIT waits until the heap has doubled otherwise, which past
// half of the limit is too late; and few big strings make too few of its small steps.
void hurry_collector(context& ctx) {
  memory_budget& m = ctx.memory;
  const std::size_t step = m.limit / 16;
  if (m.used + step < m.nudged) m.nudged = m.used;
  if (m.used < m.limit / 2) {
    if (m.hurried) lua_gc(ctx.main, LUA_GCSETSTEPMUL, usual_step);
    m.hurried = false;
    return;
  }
  if (m.used < m.nudged + step) return;
  m.nudged = m.used;
  m.hurried = true;
  lua_gc(ctx.main, LUA_GCSETSTEPMUL, whole_cycle);
  lua_gc(ctx.main, LUA_GCRESTART, 0);
}

bool may_grow(context& ctx, std::size_t by) {
  memory_budget& m = ctx.memory;
  if (m.used + by <= m.limit) return true;
  if (m.used + by > m.limit + m.limit / overdraft_share) {
    m.refused = true;
    return false;
  }
  if (!m.exceeded) lua_sethook(ctx.main, stop_hook, LUA_MASKCOUNT, 1);
  m.exceeded = true;
  return true;
}

void* allocate(void* user, void* block, std::size_t old_size, std::size_t size) {
  context& ctx = *static_cast<context*>(user);
  memory_budget& m = ctx.memory;
  if (size == 0) {
    std::free(block);
    m.used -= old_size;
    return nullptr;
  }
  const bool grows = size > old_size;
  if (grows && m.armed && !may_grow(ctx, size - old_size)) return nullptr;
  void* moved = std::realloc(block, size);
  if (moved == nullptr) return nullptr;
  m.used = m.used - old_size + size;
  if (grows && m.armed) hurry_collector(ctx);
  return moved;
}

}  // namespace

state::state(context& ctx) : L_(lua_newstate(allocate, &ctx)) {
  if (L_ == nullptr) throw std::bad_alloc();
  ctx.main = L_;
  luaL_openlibs(L_);
  protected_call(L_, [](lua_State* L) {
    lua_getglobal(L, "tostring");
    context::of(L).refs.tostring = luaL_ref(L, LUA_REGISTRYINDEX);
    open_error_object(L);
    open_values(L);
    open_rows(L);
    open_stdlib(L);
  });
  ctx.memory.armed = ctx.memory.limit != 0;
}

state::~state() { lua_close(L_); }

}  // namespace luamig::bindings
