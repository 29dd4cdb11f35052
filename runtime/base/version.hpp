#pragma once

#include <string_view>

namespace luamig {

/// The version of luamig, as in CMakeLists.txt: "0.1.0".
inline constexpr std::string_view version = LUAMIG_VERSION;

}  // namespace luamig
