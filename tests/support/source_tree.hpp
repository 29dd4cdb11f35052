#pragma once

#include <filesystem>

namespace luamig::test {

/// The top of the source tree, for tests that read what it ships.
[[nodiscard]] std::filesystem::path source_tree();

}  // namespace luamig::test
