#pragma once

#include <filesystem>
#include <string>

#include "config/settings.hpp"

namespace luamig::config {

/// What a command wrote first, or why there is nothing.
struct command_output {
  std::string first_line;  ///< without blanks at its ends
  std::string failure;     ///< "ended with status 3"; "" when it went well
};

/// Runs `/bin/sh -c command` in a directory with this environment and waits for its end. Its stderr
/// and stdin are ours.
[[nodiscard]] command_output run_command(const std::string& command,
                                         const std::filesystem::path& directory,
                                         const environment& env);

}  // namespace luamig::config
