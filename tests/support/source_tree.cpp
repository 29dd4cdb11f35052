#include "support/source_tree.hpp"

namespace luamig::test {

std::filesystem::path source_tree() { return LUAMIG_SOURCE_TREE; }

}  // namespace luamig::test
