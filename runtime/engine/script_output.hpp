#pragma once

#include <cstddef>
#include <string_view>

#include "engine/observer.hpp"

namespace luamig::engine {

/// Tells the observer a line that a script prints: without secrets, its control bytes escaped, and
/// cut. `printed` counts the bytes of a run, which end with a warning at 1 MB.
void say_line(observer& to, std::size_t& printed, observer::level level, std::string_view text);

}  // namespace luamig::engine
