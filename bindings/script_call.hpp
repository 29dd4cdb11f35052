#pragma once

#include <cstdint>
#include <lua.hpp>
#include <map>
#include <string>
#include <string_view>

#include "bindings/context.hpp"

namespace luamig::bindings {

/// What a script may reach while one of its functions runs: put into the context, and taken out of
/// it again with every open result closed.
class run_scope {
 public:
  run_scope(context& ctx, const engine::step_context* step, engine::door* on);
  ~run_scope();
  run_scope(const run_scope&) = delete;
  run_scope& operator=(const run_scope&) = delete;

  /// A run that was interrupted still calls on_error.
  void forget_interrupt() const noexcept;

 private:
  context& ctx_;
};

/// The environment and the notes of one file while it is loaded or run.
class file_scope {
 public:
  file_scope(context& ctx, int environment, std::map<std::string, std::string>* required);
  ~file_scope();
  file_scope(const file_scope&) = delete;
  file_scope& operator=(const file_scope&) = delete;

 private:
  context& ctx_;
  int environment_;
  std::map<std::string, std::string>* required_;
};

/// Calls the function below its arguments; what it raised is thrown. // function, arguments… ->
/// results…
void call_script(lua_State* L, int arguments, int results);

/// Compiles and runs the file in the environment at `environment`. // what it returned
/// Throws error{errc::script} for a syntax error, with its line.
void run_chunk(lua_State* L, const std::string& source, const std::string& name, int environment);

/// The same revision and function draw the same numbers.
[[nodiscard]] std::uint64_t seed_of(std::string_view revision, std::string_view function) noexcept;
void seed_random(lua_State* L, std::uint64_t seed);

/// An error in the shape in which it leaves a file: `code` unless it is one that scripts do not
/// make (a lost connection, a limit, an interrupt), the file's name where no line is known.
[[nodiscard]] error leaving(error e, errc code, std::string_view file);

}  // namespace luamig::bindings
