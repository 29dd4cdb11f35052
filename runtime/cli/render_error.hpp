#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/terminal.hpp"

namespace luamig::cli {

/// The lines of an error for people, at most fifteen, without colours: what, where with the line of
/// source, the statement, the database's own words, the state now and what to do next. Files are
/// looked for in `migrations` and in the working directory; a missing one costs the excerpt only.
[[nodiscard]] std::vector<std::string> error_lines(const error& what,
                                                   const std::filesystem::path& migrations);

/// The SQLSTATE; "" for SQLite, whose numbers say less than its messages.
[[nodiscard]] std::string sqlstate(const error& what);

/// Prints them on stderr, also when quiet.
void render_human(const error& what, const std::filesystem::path& migrations, const terminal& to);

}  // namespace luamig::cli
