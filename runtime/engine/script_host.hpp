#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "engine/script_files.hpp"
#include "engine/session.hpp"
#include "graph/plan.hpp"
#include "script/script_directory.hpp"

namespace luamig::engine {

/// What a script may ask about the step it runs in.
struct step_context {
  const script::script* script = nullptr;
  graph::direction way = graph::direction::upgrade;
  std::string shown_url;   ///< masked
  std::string tag;         ///< --tag
  std::int64_t began = 0;  ///< Unix time in ms: the clock of the step
  std::string outcome;     ///< for after_step: "applied" or "reverted"
  double seconds = 0;      ///< for after_step
  books where;             ///< the books of the project
};

/// One entry of a shell.
struct shell_entry {
  std::string_view text;
  std::string_view name;  ///< what messages call it: "entry 3"
  bool last = false;      ///< no more of it can come
};

/// Runs migration scripts. The engine reaches Lua through this and nothing else.
class script_host {
 public:
  virtual ~script_host() = default;

  /// Compiles and loads the file (without op and db), compares what it set with the scanned header,
  /// and checks that upgrade() or downgrade() is there. The script must outlive the host. Throws
  /// error{errc::script} with file and line.
  virtual void load(const script::script& script, graph::direction way) = 0;

  /// Runs the loaded file's upgrade() and then its verify(), or its downgrade(). An error leaves as
  /// error{errc::migration, errc::limit or errc::interrupted} with file, line and function.
  virtual void run(const step_context& step, session& on) = 0;

  /// Performs one operation, as session::finish_step was given it to undo a step.
  virtual void perform(const step_context& step, session& on, std::string_view operation) = 0;

  /// Runs an entry of a shell, in an environment that lasts as long as the host. Returns what is to
  /// be shown of it, "" for nothing; nothing: it is the beginning of an entry, and was not run.
  [[nodiscard]] virtual std::optional<std::string> enter(const step_context& step, session& on,
                                                         const shell_entry& entry);

  /// SHA-256 in hex of everything the loaded file required, "" when nothing.
  [[nodiscard]] virtual std::string required_checksum(const script::script& script) const = 0;

  /// The data files that scripts have asked for since the host was made.
  [[nodiscard]] virtual data_files files_asked_for() const { return {}; }

  /// Calls a function of the stdlib's `luamig.autogenerate`, which knows what schemas are: with the
  /// session of the database that it is to look at, or with none. It keeps what it has read for the
  /// calls to come. What a models file or a hook of env.lua does wrong is errc::script.
  [[nodiscard]] virtual std::vector<std::string> consult(std::string_view function,
                                                         const std::vector<std::string>& given,
                                                         session* on) = 0;

  /// env.lua's hooks; absent ones cost nothing. An error in one names it and fails the run.
  [[nodiscard]] virtual std::optional<std::string> url() = 0;
  virtual void before_step(const step_context& step, session& on) = 0;
  virtual void after_step(const step_context& step, session& on) = 0;
  virtual void on_error(const step_context& step, const error& what) = 0;

  /// Ends the running script with errc::interrupted at its next instruction, where it is
  /// interpreted. Safe from a signal handler.
  virtual void interrupt(int signal) noexcept = 0;

  /// Ends a script that no interrupt reaches. False: only the end of this process does. Safe from a
  /// signal handler.
  virtual bool kill() noexcept { return false; }

  /// The LuaCATS stubs of everything a migration sees, made from the operation registry.
  [[nodiscard]] virtual std::string editor_stubs() = 0;
};

}  // namespace luamig::engine
