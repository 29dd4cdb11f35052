#include "corpus.hpp"

#include <fstream>
#include <stdexcept>

namespace graph_corpus {
namespace {

recorded_graph read_graph(const json& source) {
  recorded_graph graph;
  graph.name = source.at("name");
  graph.family = source.at("family");
  graph.load = source.at("load");
  std::map<std::string, std::string> labels;
  for (const json& r : source.at("revs")) {
    graph.revisions.push_back({.id = r.at(0),
                               .down_revision = list_of(r.at(1)),
                               .depends_on = list_of(r.at(2)),
                               .branch_labels = list_of(r.at(3)),
                               .origin = ""});
    for (const std::string& label : list_of(r.at(3))) labels[label] = r.at(0);
  }
  for (const luamig::graph::revision& r : graph.revisions) {
    names& parents = graph.parents[r.id] = r.down_revision;
    parents.insert(parents.end(), r.depends_on.begin(), r.depends_on.end());
    for (std::string& parent : parents) {
      if (const auto label = labels.find(parent); label != labels.end()) parent = label->second;
    }
  }
  return graph;
}

void read_scenario(const json& source, std::vector<recorded_case>& commands) {
  names rows;
  for (const json& c : source.at(1)) {
    const json& result = c.at(2);
    commands.push_back({source.at(0), c.at(0), rows, c.at(1), result});
    if (!result.contains("err") && result.contains("heads")) rows = list_of(result.at("heads"));
  }
}

}  // namespace

bool recorded_graph::better_refused() const {
  for (const char* prefix : {"id_reserved", "dup_id", "down_duplicate", "label_equals_own_id"}) {
    if (name.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

names list_of(const json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return {value.get<std::string>()};
  return value.get<names>();
}

corpus read_corpus(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  const json source = json::parse(file);
  corpus result;
  for (const json& g : source.at("graphs")) result.graphs[g.at("id")] = read_graph(g);
  for (const json& c : source.at("cases")) {
    result.cases.push_back({c.at(0), c.at(1), list_of(c.at(2)), c.at(3), c.at(4)});
  }
  for (const json& s : source.at("scenarios")) read_scenario(s, result.scenario_commands);
  return result;
}

}  // namespace graph_corpus
