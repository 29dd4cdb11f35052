#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <lua.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "bindings/pool.hpp"
#include "codec/json.hpp"
#include "codec/random.hpp"
#include "engine/observer.hpp"
#include "engine/script_clock.hpp"
#include "engine/script_files.hpp"
#include "engine/script_host.hpp"
#include "engine/second_database.hpp"

namespace luamig::worker {
struct board;
}

namespace luamig::bindings {

struct csv_file;
struct open_cursor;
struct row_window;

/// A row that errors are about while a function looks at it.
struct row_under_way {
  const row_window* in = nullptr;     ///< null: none
  std::string_view table;             ///< lives as long as the row is under way
  std::size_t key = 0;                ///< how many of its first columns are its key
  const csv_file* line_of = nullptr;  ///< or a line of this file
};

/// What all of Lua may use. `used` counts every byte that Lua holds.
struct memory_budget {
  pool small;
  std::size_t used = 0;
  std::size_t limit = 0;      ///< 0: none
  std::size_t next_look = 0;  ///< below it nothing of this is looked at
  std::size_t nudged = 0;     ///< what was used when the collector was last told to hurry
  bool armed = false;         ///< holds to the limit; not while the libraries are opened
  bool hurried = false;       ///< the collector does a whole cycle at a time
  bool exceeded = false;      ///< past the limit; the hook is armed to look into it
  bool refused = false;       ///< a collection did not help: the script ends, whatever it catches
  bool starved = false;       ///< the system had no more, and the reserve was used
  std::unique_ptr<char[]> reserve;
};

/// A position in a file of the project: "versions/ab12_users.lua", 12.
struct place {
  std::string file;
  int line = 0;
};

/// Room for JSON on its way, kept from call to call.
struct json_room {
  /// Where a value stands in what is encoded: a key, or a position where that is not 0.
  struct step {
    std::string_view key;
    std::size_t position = 0;
  };
  codec::json_tokens tokens;
  std::vector<codec::json_step> steps;  // of a path
  std::vector<step> path;
  std::vector<std::string_view> keys;  ///< to be sorted; those of outer objects first
  std::string text;                    ///< what is made
};

/// References into the Lua registry, made once a state.
struct references {
  int error_metatable = LUA_NOREF;
  int blob_metatable = LUA_NOREF;
  int array_metatable = LUA_NOREF;
  int cursor_metatable = LUA_NOREF;
  int csv_metatable = LUA_NOREF;
  int writer_metatable = LUA_NOREF;
  int export_metatable = LUA_NOREF;
  int work_metatable = LUA_NOREF;
  int null = LUA_NOREF;
  int exact_by_text = LUA_NOREF;   ///< weak: digits to the one object that has them
  int text_by_exact = LUA_NOREF;   ///< weak: and back
  int make_exact = LUA_NOREF;      ///< a function: a new object
  int row_metatables = LUA_NOREF;  ///< column names joined by NUL to the metatable of their rows
  int make_row_metatable = LUA_NOREF;
  int json_shapes = LUA_NOREF;  ///< weak: keys as spelled, joined, to their objects' metatable
  int json_array = LUA_NOREF;   ///< the metatable of JSON arrays
  int make_json_shape = LUA_NOREF;
  int tostring = LUA_NOREF;
  int modules = LUA_NOREF;          ///< the stdlib's loaded modules by name
  int new_environment = LUA_NOREF;  ///< a function: (kind) -> environment
  int environment_metatable = LUA_NOREF;
};

/// Everything that belongs to one Lua state and is no Lua value. C functions reach it from any
/// coroutine by `of`.
struct context {
  memory_budget memory;
  engine::script_limits limits;  ///< for messages: somebody else looks at the clock
  lua_State* main = nullptr;
  engine::observer* watching = nullptr;
  engine::script_files* files = nullptr;
  std::filesystem::path stdlib;
  std::vector<std::pair<std::string, std::string>> x;
  std::function<std::string(std::string_view)> secret;
  std::function<std::optional<std::string>(const std::string&)> variable;  ///< of the environment
  std::function<void(std::chrono::milliseconds)> rest;  ///< who sleeps for a script; none: it does
  std::function<void()> forked;    ///< in each process beside this one, before it begins
  worker::board* board = nullptr;  ///< of a crew, while it works: in all its processes
  references refs;

  engine::door* session = nullptr;                         ///< null while files are only loaded
  const engine::step_context* step = nullptr;              ///< null outside a step
  int current_environment = LUA_NOREF;                     ///< of the file that is loaded or run
  std::map<std::string, std::string>* required = nullptr;  ///< where require notes checksums
  engine::door* asked = nullptr;   ///< a second database: stands in for `session` while it is asked
  std::string_view asked_name;     ///< its name, while it is
  std::string about;               ///< the second database that a call is about, for its failure
  open_cursor* cursors = nullptr;  ///< every open result, for the end of the run
  /// By chunk name, see unread_calls.hpp.
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> unread_calls;
  row_under_way row;
  bool relays = false;           ///< `watching` is told raw text
  bool loading = false;          ///< LuaJIT only interprets: for ever, or while a module is loaded
  std::size_t files_opened = 0;  ///< CSV
  int depth = 0;                 ///< C functions that call Lua, on top of one another
  std::size_t printed = 0;       ///< bytes of output in this run
  place last;                    ///< of the last call into the database
  place exhausted;               ///< where the memory ran out; line 0: not known
  std::string scratch;           ///< a text on its way to Lua
  json_room json;
  codec::uuid_source uuids;
  std::optional<error> pending;     ///< on its way from C++ to Lua
  std::atomic<int> interrupted{0};  ///< the signal, or minus an engine::time_limit

  /// The allocator's user data is the context: reached without a look-up and without a push.
  static context& of(lua_State* L) noexcept {
    void* self = nullptr;
    lua_getallocf(L, &self);
    return *static_cast<context*>(self);
  }
  /// The session, or that of the second database that is asked; throws error{errc::migration} where
  /// there is none.
  engine::door& database() const;
};

/// Pushes a value kept under a registry reference.
inline void push(lua_State* L, int reference) { lua_rawgeti(L, LUA_REGISTRYINDEX, reference); }

}  // namespace luamig::bindings
