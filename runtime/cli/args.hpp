#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "config/settings.hpp"

namespace luamig::cli {

/// One command line, taken apart by the tables of command.hpp.
struct arguments {
  const command_row* command = nullptr;  ///< null: only global options were given
  std::vector<std::string> words;        ///< what is neither an option nor the command
  /// What was given, by long name; a flag has one value for each time it was given, "" where it
  /// was given none.
  std::map<std::string, std::vector<std::string>, std::less<>> given;

  [[nodiscard]] bool has(std::string_view option) const { return given.contains(option); }
  [[nodiscard]] std::size_t count(std::string_view option) const;
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
  [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
  /// The word at this place, or `otherwise`.
  [[nodiscard]] std::string word(std::size_t index, std::string_view otherwise) const;
};

/// Takes a command line apart. `-1` and `-3:current` are words, not options. Throws
/// error{errc::usage} with a suggestion where a name is near a known one; a request for help is
/// never an error, whatever else the line lacks.
[[nodiscard]] arguments parse(const std::vector<std::string>& line);

/// What the command line says of the configuration.
[[nodiscard]] config::overrides overrides_of(const arguments& args);

}  // namespace luamig::cli
