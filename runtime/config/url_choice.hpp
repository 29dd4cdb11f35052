#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/keys.hpp"
#include "config/settings.hpp"
#include "config/variables.hpp"

namespace luamig::config {

/// The URL of the database and where it came from, or why there is none.
struct url_choice {
  std::string url;
  std::string from;  ///< "-u", "[env.production] luamig.toml:21", …; "default" for none
  std::optional<error> problem;
};

/// -u or -x url=…; both are an error{errc::usage}, neither an empty choice.
[[nodiscard]] url_choice url_of_flags(const std::optional<std::string>& url,
                                      const std::vector<x_argument>& x);

/// The first that is set: url or url_command of the chosen [env.NAME], DATABASE_URL, url or
/// url_command of the file. What is set and cannot be had is a problem: nothing after it is tried,
/// so that a slip never ends in another database.
[[nodiscard]] url_choice url_of_project(const setting_table& table, const variables& vars,
                                        const environment& env,
                                        const std::filesystem::path& directory,
                                        const std::string& file);

}  // namespace luamig::config
