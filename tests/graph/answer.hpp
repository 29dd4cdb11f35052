#pragma once

#include <optional>

#include "corpus.hpp"
#include "graph/plan.hpp"
#include "graph/revision_graph.hpp"

namespace graph_corpus {

/// What luamig answers to one command; what does not belong to the command is absent.
struct answer {
  std::optional<std::string> err;
  std::string message;
  std::optional<names> steps;
  std::optional<names> heads;
  std::optional<names> revs;  ///< "base", and "None" for a walk that ends below it
  std::optional<names> down, deps, labels;
  std::optional<luamig::graph::plan> plan;
};

/// The graph, or the error of loading it.
struct loaded_graph {
  std::optional<luamig::graph::revision_graph> graph;
  answer refusal;
};
[[nodiscard]] loaded_graph load(const recorded_graph& source);

/// What loading shows, in the shape of the corpus: heads, real_heads, …, labels; or err.
[[nodiscard]] json describe(const loaded_graph& loaded);

/// Runs the command of a case through the public functions of the graph room.
[[nodiscard]] answer run(const loaded_graph& loaded, const recorded_case& asked);

/// An answer as check.py reads it.
[[nodiscard]] json as_json(const answer& given);

}  // namespace graph_corpus
