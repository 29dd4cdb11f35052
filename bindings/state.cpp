#include "bindings/state.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "bindings/csv_export.hpp"
#include "bindings/csv_file.hpp"
#include "bindings/error_object.hpp"
#include "bindings/guard.hpp"
#include "bindings/json.hpp"
#include "bindings/row_work.hpp"
#include "bindings/row_writing.hpp"
#include "bindings/rows.hpp"
#include "bindings/stdlib.hpp"
#include "bindings/stopping.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

constexpr int usual_step = 200;
constexpr int whole_cycle = 0;
// What is given back when the system has no more, so that the script can be stopped in order.
constexpr std::size_t reserve_size = 1024 * 1024;

// Told once each 1/16 of the limit: LuaJIT waits until the heap has doubled otherwise, which past
// half of the limit is too late; and few big strings make too few of its small steps.
void hurry_collector(context& ctx) {
  memory_budget& m = ctx.memory;
  const std::size_t step = m.limit / 16;
  m.next_look = std::min(m.used + step / 16, m.limit);
  if (m.used + step < m.nudged) m.nudged = m.used;
  if (m.used < m.limit / 2) {
    if (m.hurried) lua_gc(ctx.main, LUA_GCSETSTEPMUL, usual_step);
    m.hurried = false;
    return;
  }
  m.next_look = 0;
  if (m.used < m.nudged + step) return;
  m.nudged = m.used;
  m.hurried = true;
  lua_gc(ctx.main, LUA_GCSETSTEPMUL, whole_cycle);
  lua_gc(ctx.main, LUA_GCRESTART, 0);
}

void stop_soon(context& ctx) {
  if (ctx.memory.exceeded) return;
  ctx.memory.exceeded = true;
  lua_sethook(ctx.main, stop_hook, LUA_MASKCOUNT, 1);
}

void release(pool& small, void* block, std::size_t size) {
  if (block == nullptr) return;
  if (size <= pool::largest)
    small.give(block, size);
  else
    std::free(block);
}

// As realloc; a block lies in the pool when it is small.
void* resize(pool& small, void* block, std::size_t old_size, std::size_t size) {
  const bool was_small = block == nullptr || old_size <= pool::largest;
  if (!was_small && size > pool::largest) return std::realloc(block, size);
  void* const moved = size <= pool::largest ? small.take(size) : std::malloc(size);
  if (moved == nullptr || block == nullptr) return moved;
  std::memcpy(moved, block, std::min(old_size, size));
  release(small, block, old_size);
  return moved;
}

// Past the limit too: LuaJIT writes its message for a refusal to wherever the top of the stack was
// last seen, which in a trace and in a plain instruction can be the link of a frame that it unwinds
// next. The hook stops the script at an instruction instead.
void* grow(context& ctx, void* block, std::size_t old_size, std::size_t size) {
  void* moved = resize(ctx.memory.small, block, old_size, size);
  if (moved != nullptr || !ctx.memory.reserve) return moved;
  ctx.memory.reserve.reset();
  ctx.memory.starved = true;
  stop_soon(ctx);
  return resize(ctx.memory.small, block, old_size, size);
}

void* allocate(void* user, void* block, std::size_t old_size, std::size_t size) {
  context& ctx = *static_cast<context*>(user);
  memory_budget& m = ctx.memory;
  if (size == 0) {
    release(m.small, block, old_size);
    m.used -= old_size;
    return nullptr;
  }
  // Nearly all that Lua asks for.
  if (block == nullptr && size <= pool::largest && m.used + size < m.next_look) {
    void* const fresh = m.small.take(size);
    if (fresh != nullptr) {
      m.used += size;
      return fresh;
    }
  }
  const bool grows = size > old_size;
  if (grows && m.armed && m.used + (size - old_size) > m.limit) stop_soon(ctx);
  void* moved = grow(ctx, block, old_size, size);
  if (moved == nullptr) return nullptr;
  m.used = m.used - old_size + size;
  if (grows && m.armed) hurry_collector(ctx);
  return moved;
}

}  // namespace

state::state(context& ctx) : L_(lua_newstate(allocate, &ctx)) {
  if (L_ == nullptr) throw std::bad_alloc();
  ctx.memory.reserve = std::make_unique_for_overwrite<char[]>(reserve_size);
  ctx.main = L_;
  luaL_openlibs(L_);
  protected_call(L_, [](lua_State* L) {
    lua_getglobal(L, "tostring");
    context::of(L).refs.tostring = luaL_ref(L, LUA_REGISTRYINDEX);
    open_error_object(L);
    open_values(L);
    open_rows(L);
    open_csv_files(L);
    open_row_writers(L);
    open_csv_exports(L);
    open_row_work(L);
    open_json(L);
    open_stdlib(L);
  });
  ctx.memory.armed = ctx.memory.limit != 0;
  ctx.memory.next_look = ctx.memory.armed ? 0 : static_cast<std::size_t>(-1);
}

state::~state() { lua_close(L_); }

}  // namespace luamig::bindings
