#pragma once

#include <string>

#include "engine/progress.hpp"

namespace luamig::cli {

/// How far the step has come of which a part is done: "43 %", or "43,000 rows" where nobody knows
/// of how many; "" for none.
[[nodiscard]] std::string part_done(const engine::half_done& of);

}  // namespace luamig::cli
