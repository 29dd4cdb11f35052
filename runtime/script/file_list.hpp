#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace luamig::script {

/// The names of the `.lua` and `.sql` files of a directory, sorted by byte. Hidden ones are none:
/// editors keep locks and copies under such names. Throws error{errc::script} for what looks like a
/// migration and would not be read: another spelling of the ending, a FIFO or a directory of such a
/// name. What lies in a directory below it is one, unless `places` has that directory.
[[nodiscard]] std::vector<std::string> list_scripts(
    const std::filesystem::path& directory, const std::vector<std::filesystem::path>& places = {});

}  // namespace luamig::script
