#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace luamig {

/// What went wrong, as far as anybody acts on it. Each code has one exit status (`exit_status`).
enum class errc {
  migration,    ///< a migration failed and was rolled back: 1
  limit,        ///< a script went over its limits: 1
  usage,        ///< the command line is wrong: 2
  config,       ///< luamig.toml, .env or an environment variable is wrong: 3
  script,       ///< a migration file is wrong, found before anything ran: 3
  graph,        ///< the revisions do not form a graph, or a target names none of them: 3
  connection,   ///< cannot connect, or the connection was lost: 4
  in_doubt,     ///< the reply to COMMIT was lost and the outcome cannot be learnt: 4
  lock,         ///< the migration lock was not obtained in time: 5
  difference,   ///< a check found a difference: 6
  refused,      ///< protected, needs a confirmation, or irreversible by header: 7
  integrity,    ///< the database holds an unknown revision, or its books are damaged: 8
  partial,      ///< a durable revision stopped between its steps: 9
  output,       ///< what was to be printed could not be written: 1
  interrupted,  ///< SIGINT (130) or SIGTERM (143)
  sql,          ///< the database refused a statement; `migration` once it has left the script: 1
};

/// The name printed in JSON, for example "migration".
[[nodiscard]] std::string_view name(errc code) noexcept;

/// The exit status of the process that ends with this code (see `luamig help exit-codes`).
[[nodiscard]] int exit_status(errc code) noexcept;

/// The one error of luamig. Every field but `code` and `message` may be empty. It owns its text.
///
/// A message says what and where, `state_after` the state now, `hint` what to do next; names stand
/// in quotes, and there is no full stop. None of the fields ever holds a password.
struct error : std::exception {
  error(errc code_, std::string message_) : code(code_), message(std::move(message_)) {}
  error(errc code_, std::string message_, std::string hint_)
      : code(code_), message(std::move(message_)), hint(std::move(hint_)) {}

  [[nodiscard]] const char* what() const noexcept override { return message.c_str(); }

  errc code;
  std::string message;
  std::string sql;       ///< the statement that failed
  std::string sqlstate;  ///< PostgreSQL's five characters, or SQLite's extended code as text
  std::string kind;      ///< alike on both engines: "unique", "foreign_key", "missing_table", …;
                         ///< for errc::graph the planner's category, "unknown_revision", …
  std::string table;     ///< the table, column and constraint that the database named
  std::string column;
  std::string constraint;
  std::string revision;
  std::string revision_message;
  std::string function;  ///< "upgrade" or "downgrade", when it failed inside one
  std::string file;      ///< relative to the migrations directory where it lies in it
  int line = 0;          ///< from 1; 0: unknown
  std::string state_after;
  std::string hint;
  bool half_done = false;  ///< the revision's steps before it are kept
  int signal = 0;          ///< for errc::interrupted: the signal that asked for it
};

/// The error of a line of a file.
[[nodiscard]] error error_at(errc code, std::string_view file, int line, std::string message,
                             std::string hint);

}  // namespace luamig
