#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "config/settings.hpp"

namespace luamig::config {

/// The file of -c or LUAMIG_CONFIG (relative to `start`), or the first luamig.toml from `start`
/// upwards; empty when there is none. Throws error{errc::config} when a file that was named is not
/// there.
[[nodiscard]] std::filesystem::path locate(const overrides& flags, const environment& env,
                                           const std::filesystem::path& start);

/// The error for a project without luamig.toml.
[[nodiscard]] error no_file(const environment& env, const std::filesystem::path& start);

}  // namespace luamig::config
