#pragma once

#include "answer.hpp"

namespace graph_corpus {

/// Why an answer is wrong, or "" when it is right: by the rules of tests/data/graph/check.py, and
/// for a plan that its parts agree with each other.
[[nodiscard]] std::string judge(const recorded_graph& graph, const recorded_case& asked,
                                const answer& given);

/// The same for loading a graph.
[[nodiscard]] std::string judge_load(const recorded_graph& graph, const json& shown);

}  // namespace graph_corpus
