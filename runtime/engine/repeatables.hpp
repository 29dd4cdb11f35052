#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/version_store.hpp"
#include "graph/plan.hpp"
#include "script/script_directory.hpp"

namespace luamig::engine {

/// Why a file of repeatable/ is to be run, "" when it is not: "new", "changed", "a library has
/// changed", "a revision was taken back since".
[[nodiscard]] std::string why_repeat(const script::repeatable& file, const repeated_files& done);

/// Appends to an upgrade that leaves every revision applied the repeatables that are due, in the
/// order of their names. `store`: null where no books can be asked, then all are.
void add_repeatables(graph::plan& plan, const script::script_directory& scripts,
                     version_store* store);

}  // namespace luamig::engine
