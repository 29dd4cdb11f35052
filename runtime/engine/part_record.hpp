#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace luamig::engine {

/// What a step that is done in part keeps is a table as the stdlib writes it (luamig.record). The
/// number by this name in it, its fraction cut off; nothing where it has none, or cannot be read.
[[nodiscard]] std::optional<std::int64_t> number_of_part(std::string_view record,
                                                         std::string_view name);

}  // namespace luamig::engine
