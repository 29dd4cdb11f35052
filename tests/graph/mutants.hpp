#pragma once

#include <string>
#include <utility>
#include <vector>

#include "judge.hpp"

namespace graph_corpus {

/// The recorded answer spoilt in every way that makes it certainly wrong, each with a name. The
/// unspoilt answer comes first, named "".
[[nodiscard]] std::vector<std::pair<std::string, answer>> mutants(const recorded_graph& graph,
                                                                  const recorded_case& asked);

}  // namespace graph_corpus
