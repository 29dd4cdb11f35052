#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/revision.hpp"

namespace luamig::graph {

/// Throws error{errc::graph} ("illegal_char", "reserved", "too_long") for an id that no target
/// could name: ids are 1 to 255 of [A-Za-z0-9_.], and not head, heads, base or current.
void check_id(const revision& r);

/// The same for branch labels, which may hold other characters, but none that means something
/// in a target: no '@', ':', '+', blank or control, and no "-1" at the end.
void check_labels(const std::vector<std::string>& labels, std::string_view origin);

}  // namespace luamig::graph
