#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/keys.hpp"
#include "config/settings.hpp"
#include "config/variables.hpp"
#include "db/url.hpp"

namespace luamig::config {

/// Every [databases.NAME], what the chosen [env.NAME] says of one before the general, by name.
/// Throws error{errc::config} for a '${' without its end and for both url and url_command; a
/// variable that is not set is noted only.
[[nodiscard]] std::vector<database_setting> find_databases(const setting_table& table,
                                                           const variables& vars,
                                                           const std::string& file);

/// What `luamig config` prints: the URL without its password. A command is not run for it.
[[nodiscard]] std::string shown(const database_setting& database);

/// Where a second database is. Runs its url_command. Throws error{errc::config} where there is none
/// of that name, its variable is not set, its command fails, or it is a database in memory.
[[nodiscard]] db::url read_database(const settings& from, const environment& env,
                                    std::string_view name);

}  // namespace luamig::config
