#pragma once

#include <filesystem>
#include <string>

#include "cli/context.hpp"

namespace luamig::cli {

/// Where `option` writes a file, made absolute. Throws error{errc::usage} for what it must not take
/// the place of: what is there and is no regular file, a database, luamig.toml, and whatever lies
/// below the migrations directory.
[[nodiscard]] std::filesystem::path output_path(context& in, const std::string& option,
                                                const std::string& given);

}  // namespace luamig::cli
