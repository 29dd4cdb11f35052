#pragma once

#include "base/error.hpp"
#include "worker/packing.hpp"

namespace luamig::worker {

// An error as a piece of a message.

void put(packer& to, const error& e);
/// Throws bad_frame where it is none.
[[nodiscard]] error get_error(unpacker& from);

}  // namespace luamig::worker
