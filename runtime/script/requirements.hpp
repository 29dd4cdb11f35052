#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace luamig::script {

/// Name and checksum of the files of lib/ that the text requires, and those require in turn, found
/// without running anything. A `require` of a name that is computed counts as one of every library.
[[nodiscard]] std::map<std::string, std::string> required_by(
    const std::filesystem::path& migrations, std::string_view source);

/// One checksum of all, "" of none.
[[nodiscard]] std::string checksum_of(const std::map<std::string, std::string>& required);

}  // namespace luamig::script
