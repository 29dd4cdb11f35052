#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graph/revision.hpp"

namespace graph_corpus {

using json = nlohmann::json;
using names = std::vector<std::string>;

/// One graph as the corpus lists it, with the recorded outcome of loading it.
struct recorded_graph {
  std::string name;
  std::string family;
  std::vector<luamig::graph::revision> revisions;
  std::map<std::string, names> parents;  ///< D(x), labels resolved
  json load;

  [[nodiscard]] bool has(const std::string& id) const { return parents.count(id) > 0; }
  /// Reserved and doubled ids: a tool does better to refuse the directory.
  [[nodiscard]] bool better_refused() const;
};

/// One command from given rows, and what is recorded for it.
struct recorded_case {
  int graph = 0;
  std::string command;
  names rows;
  json target;
  json result;
};

struct corpus {
  std::map<int, recorded_graph> graphs;
  std::vector<recorded_case> cases;
  /// The commands of all scenarios, each from the rows that the record of those before it leaves.
  std::vector<recorded_case> scenario_commands;
};

[[nodiscard]] corpus read_corpus(const std::string& path);

/// A string, a list of them or null as a list.
[[nodiscard]] names list_of(const json& value);

}  // namespace graph_corpus
