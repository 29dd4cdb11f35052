#pragma once

#include <string>
#include <string_view>

#include "cli/command.hpp"

namespace luamig::cli {

/// What `luamig` alone prints.
[[nodiscard]] std::string short_help();
/// What `luamig help COMMAND` prints.
[[nodiscard]] std::string command_help(const command_row& command);
/// What `luamig help exit-codes` prints.
[[nodiscard]] std::string_view exit_codes() noexcept;

/// A script for bash, zsh or fish. Throws error{errc::usage} for another shell.
[[nodiscard]] std::string completion(std::string_view shell);

}  // namespace luamig::cli
