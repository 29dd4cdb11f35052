#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/keys.hpp"
#include "config/settings.hpp"
#include "config/variables.hpp"

namespace luamig::config {

/// Every name of [secrets], those of the chosen [env.NAME] before the general ones, by name. Throws
/// error{errc::config} for a '${' without its end; a variable that is not set is noted only.
[[nodiscard]] std::vector<secret_setting> find_secrets(const setting_table& table,
                                                       const variables& vars,
                                                       const std::filesystem::path& directory,
                                                       const std::string& file);

}  // namespace luamig::config
