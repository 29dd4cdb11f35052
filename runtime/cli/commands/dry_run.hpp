#pragma once

#include <chrono>
#include <string>

#include "cli/context.hpp"

namespace luamig::cli {

/// --max-block, or what holds without it.
[[nodiscard]] std::chrono::milliseconds max_block_of(context& in);

/// Says of the report of a run that nothing was changed, and what its times are worth.
void mark_dry(context& in, report& of);

/// upgrade and downgrade with --dry-run.
[[nodiscard]] report run_dry(context& in, graph::direction way, const std::string& target);

}  // namespace luamig::cli
