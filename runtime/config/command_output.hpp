#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>

#include "config/settings.hpp"

namespace luamig::config {

/// What a command wrote first, or why there is nothing.
struct command_output {
  std::string first_line;  ///< without blanks at its ends
  std::string failure;     ///< "ended with status 3: what stderr says"; "" when it went well
};

/// How long a command may take, and how much it may print.
struct command_limits {
  std::chrono::milliseconds time{30'000};
  std::size_t bytes = std::size_t{64} * 1024;
};

/// Runs `/bin/sh -c command` in a directory with this environment, without a stdin and in a process
/// group of its own, and waits for its end; what it leaves running in the background may hold its
/// stdout. Over the limits, or when a signal arrives, the whole group is killed. Passwords in what
/// it says on stderr are masked.
[[nodiscard]] command_output run_command(const std::string& command,
                                         const std::filesystem::path& directory,
                                         const environment& env, const command_limits& most = {});

}  // namespace luamig::config
