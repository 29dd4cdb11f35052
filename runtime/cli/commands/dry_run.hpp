#pragma once

#include <string>

#include "cli/context.hpp"

namespace luamig::cli {

/// upgrade and downgrade with --dry-run.
[[nodiscard]] report run_dry(context& in, graph::direction way, const std::string& target);

}  // namespace luamig::cli
