#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace luamig::file {

/// A file that is being written is called ".NAME", this, and the process that writes it.
inline constexpr std::string_view being_written = ".luamig-";

/// Files beneath `root` that processes which are no more have written and not put in their place:
/// their paths in it. What cannot be read is passed over.
[[nodiscard]] std::vector<std::filesystem::path> left_beneath(const std::filesystem::path& root);

}  // namespace luamig::file
