#include "bindings/script_call.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "bindings/environment.hpp"
#include "bindings/error_object.hpp"
#include "bindings/rows.hpp"
#include "bindings/stopping.hpp"

namespace luamig::bindings {
namespace {

// "versions/a.lua:5: '=' expected near 'x'" -> 5 and the rest
void cut_line(error& e) {
  const auto colon = e.message.find(".lua:");
  const auto dots = colon == std::string::npos ? e.message.find("...:") : colon;
  if (dots == std::string::npos) return;
  const char* first = e.message.data() + e.message.find(':', dots) + 1;
  const char* last = e.message.data() + e.message.size();
  const auto [end, bad] = std::from_chars(first, last, e.line);
  if (bad != std::errc{} || last - end < 2 || end[0] != ':') return;
  e.message.erase(0, static_cast<std::size_t>(end + 2 - e.message.data()));
}

// the message of the compiler on top
[[noreturn]] void refuse_syntax(lua_State* L, const std::string& name) {
  error e(errc::script, lua_tostring(L, -1));
  e.file = name;
  cut_line(e);
  if (e.message.find("attempt to load chunk with wrong mode") != std::string::npos)
    e.message = "the file is compiled bytecode: migrations are text";
  throw e;
}

}  // namespace

run_scope::run_scope(context& ctx, const engine::step_context* step, engine::door* on) : ctx_(ctx) {
  ctx_.step = step;
  ctx_.session = on;
  ctx_.depth = 0;
  ctx_.printed = 0;
  ctx_.last = {};
}

run_scope::~run_scope() {
  close_cursors(ctx_);
  ctx_.asked = nullptr;
  ctx_.step = nullptr;
  ctx_.session = nullptr;
  forget_interrupt();
}

void run_scope::forget_interrupt() const noexcept {
  if (ctx_.interrupted.exchange(0) != 0) disarm(ctx_);
}

file_scope::file_scope(context& ctx, int environment, std::map<std::string, std::string>* required)
    : ctx_(ctx),
      environment_(std::exchange(ctx.current_environment, environment)),
      required_(std::exchange(ctx.required, required)) {}

file_scope::~file_scope() {
  ctx_.current_environment = environment_;
  ctx_.required = required_;
}

void call_script(lua_State* L, int arguments, int results) {
  const int function = lua_gettop(L) - arguments;
  lua_pushcfunction(L, message_handler);
  lua_insert(L, function);
  const int status = lua_pcall(L, arguments, results, function);
  lua_remove(L, function);
  if (status != 0) throw take_error(L, status);
}

void run_chunk(lua_State* L, const std::string& source, const std::string& name, int environment) {
  if (!compile(L, source, name.c_str(), environment)) refuse_syntax(L, name.substr(1));
  call_script(L, 0, 1);
}

std::uint64_t seed_of(std::string_view revision, std::string_view function) noexcept {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const std::string_view part : {revision, function})
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

void seed_random(lua_State* L, std::uint64_t seed) {
  lua_getglobal(L, "math");
  lua_getfield(L, -1, "randomseed");
  lua_pushnumber(L, static_cast<double>(seed >> 11U));
  lua_call(L, 1, 0);
  lua_pop(L, 1);
}

error leaving(error e, errc code, std::string_view file) {
  if (e.code == errc::sql || e.code == errc::migration || e.code == errc::script ||
      e.code == errc::usage || e.code == errc::config)
    e.code = code;
  if (e.file.empty()) e.file = file;
  return e;
}

}  // namespace luamig::bindings
