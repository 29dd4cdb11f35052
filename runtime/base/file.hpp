#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::file {

/// The whole file. Throws error{errc::config} naming the path and the system's reason.
[[nodiscard]] std::string read(const std::filesystem::path& path);

/// Writes a new file. Throws error{errc::config} when it exists already or cannot be written;
/// a half-written file is removed.
void create(const std::filesystem::path& path, std::string_view content);

/// Replaces the file in one rename: a reader sees the old text or the new, never a part.
void replace(const std::filesystem::path& path, std::string_view content);

/// Names of the regular files (links followed) with this ending, sorted by byte. A missing
/// directory is an error{errc::config}.
[[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory,
                                            std::string_view ending);

}  // namespace luamig::file
