#pragma once

#include "cli/context.hpp"

namespace luamig::cli {

/// How a script that is no revision runs: `run` and `shell`.
[[nodiscard]] engine::run_options loose_options(context& in);

}  // namespace luamig::cli
