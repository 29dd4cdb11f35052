// Judges the planner by recorded answers: graph_corpus [--results FILE] [--mutate]
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>

#include "judge.hpp"
#include "mutants.hpp"

namespace graph_corpus {
namespace {

struct count {
  std::size_t right = 0;
  std::size_t all = 0;

  void add(const std::string& v) {
    ++all;
    right += v.empty() ? 1 : 0;
  }
};

std::ostream& operator<<(std::ostream& out, const count& c) {
  return out << c.right << " of " << c.all;
}

void report(const recorded_graph& graph, const recorded_case& asked, const answer& given,
            const std::string& found) {
  if (found.empty()) return;
  std::cout << "WRONG " << graph.name << ": " << asked.command << ' ' << asked.target << " at "
            << json(asked.rows) << ": " << found << "\n  luamig   " << as_json(given)
            << "\n  recorded " << asked.result << '\n';
}

class run_of_corpus {
 public:
  explicit run_of_corpus(const std::string& path) : corpus_(read_corpus(path)) {
    for (const auto& [id, graph] : corpus_.graphs) loaded_[id] = load(graph);
  }

  bool judge_all(std::ostream* results) {
    count graphs, cases, scenario_commands;
    for (const auto& [id, graph] : corpus_.graphs) graphs.add(judge_graph(id, graph));
    std::map<std::string, count> commands;
    for (const recorded_case& asked : corpus_.cases) {
      const answer given = run(loaded_.at(asked.graph), asked);
      if (results != nullptr) *results << as_json(given).dump() << '\n';
      commands[asked.command].add(judge_case(asked, given));
    }
    for (const recorded_case& asked : corpus_.scenario_commands) {
      scenario_commands.add(judge_case(asked, run(loaded_.at(asked.graph), asked)));
    }
    for (const auto& [command, c] : commands) {
      std::cout << command << ": " << c << '\n';
      cases.right += c.right;
      cases.all += c.all;
    }
    std::cout << cases << " cases, " << graphs << " graphs, " << scenario_commands
              << " scenario commands\n";
    return cases.right == cases.all && graphs.right == graphs.all &&
           scenario_commands.right == scenario_commands.all && cases.all > 0;
  }

  /// The judge must take every recorded answer and none of its mutants.
  bool judge_mutants() {
    count taken, rejected;
    for (const recorded_case& asked : corpus_.cases) {
      const recorded_graph& graph = corpus_.graphs.at(asked.graph);
      for (const auto& [kind, given] : mutants(graph, asked)) {
        std::string found = judge(graph, asked, given);
        if (!kind.empty()) found = found.empty() ? "took a mutant: " + kind : "";
        report(graph, asked, given, found);
        (kind.empty() ? taken : rejected).add(found);
      }
    }
    std::cout << taken << " recorded answers taken, " << rejected << " mutants rejected\n";
    return taken.right == taken.all && rejected.right == rejected.all && rejected.all > 0;
  }

 private:
  std::string judge_graph(int id, const recorded_graph& graph) {
    const json shown = describe(loaded_.at(id));
    std::string found = judge_load(graph, shown);
    if (!found.empty()) {
      std::cout << "WRONG " << graph.name << ": load: " << found << "\n  luamig   " << shown
                << "\n  recorded " << graph.load << '\n';
    }
    return found;
  }

  std::string judge_case(const recorded_case& asked, const answer& given) {
    const recorded_graph& graph = corpus_.graphs.at(asked.graph);
    std::string found = judge(graph, asked, given);
    report(graph, asked, given, found);
    return found;
  }

  corpus corpus_;
  std::map<int, loaded_graph> loaded_;
};

std::string cases_path() {
  const char* path = std::getenv("LUAMIG_GRAPH_CASES");
  return path != nullptr ? path : LUAMIG_GRAPH_CASES;
}

int run_program(const names& arguments) {
  run_of_corpus all(cases_path());
  if (arguments == names{"--mutate"}) return all.judge_mutants() ? 0 : 1;
  if (arguments.empty()) return all.judge_all(nullptr) ? 0 : 1;
  if (arguments.size() == 2 && arguments[0] == "--results") {
    std::ofstream results(arguments[1]);
    return all.judge_all(&results) && results.flush() ? 0 : 1;
  }
  std::cerr << "usage: graph_corpus [--results FILE | --mutate]\n";
  return 2;
}

}  // namespace
}  // namespace graph_corpus

int main(int argc, char** argv) {
  try {
    return graph_corpus::run_program({argv + 1, argv + argc});
  } catch (const std::exception& problem) {
    std::cerr << "graph_corpus: " << problem.what() << '\n';
    return 2;
  }
}
