#pragma once

#include "cli/context.hpp"

namespace luamig::cli {

/// Whether the database is what its revisions make of an empty one: `check --drift`. What leads
/// from that to the database is reported, with exit 6.
[[nodiscard]] report check_drift(context& in);

}  // namespace luamig::cli
