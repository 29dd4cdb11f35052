#pragma once

#include <span>
#include <string_view>

#include "cli/report.hpp"

namespace luamig::cli {

struct context;

/// One flag or option. It is known by its long name without dashes: "lock-wait".
struct option_row {
  std::string_view names;  ///< "-m,--message"
  std::string_view value;  ///< "TEXT"; "" for a flag
  std::string_view help;
  bool repeated = false;
  std::string_view may_be = {};  ///< of a flag: values that it can be given, "copy", "require|off"
};

/// The long name of a row, without its dashes.
[[nodiscard]] std::string_view long_name(const option_row& row) noexcept;

/// One command. This row is all that the parser, --help and the completions know of it.
struct command_row {
  std::string_view name;
  std::string_view words;    ///< as --help shows them: "[TARGET]", "REVS…"
  std::string_view summary;  ///< one line
  std::size_t min_words = 0;
  std::size_t max_words = 0;
  std::span<const option_row> options;
  report (*run)(context&) = nullptr;
  bool every_env = false;       ///< `-n all` runs it once for each environment
  bool needs_project = true;    ///< reads luamig.toml
  std::string_view notes = {};  ///< more lines for `luamig help COMMAND`
};

/// Every command, in the order of the short help.
[[nodiscard]] std::span<const command_row> commands() noexcept;
/// Options that every command takes, before its name or after it.
[[nodiscard]] std::span<const option_row> global_options() noexcept;
/// The command of this name, or error{errc::usage} with a suggestion.
[[nodiscard]] const command_row& require_command(std::string_view name);
/// The command of this name, or null.
[[nodiscard]] const command_row* find_command(std::string_view name) noexcept;

}  // namespace luamig::cli
