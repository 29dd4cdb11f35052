#include "answer.hpp"

#include <functional>

#include "base/error.hpp"
#include "graph/target.hpp"

namespace graph_corpus {
namespace {

using luamig::graph::node;
using luamig::graph::revision_graph;

names ids(const revision_graph& graph, const std::vector<node>& nodes) {
  names result;
  for (const node n : nodes) result.push_back(graph.id(n));
  return result;
}

answer refused(const luamig::error& problem) {
  answer result;
  result.err = problem.kind;
  result.message = problem.message;
  return result;
}

answer planned(luamig::graph::plan plan, bool with_steps) {
  answer result;
  result.heads = plan.rows_after;
  if (with_steps) {
    result.steps.emplace();
    for (const auto& step : plan.steps) result.steps->push_back(step.revision);
  }
  result.plan = std::move(plan);
  return result;
}

answer listed(names revs) {
  answer result;
  result.revs = std::move(revs);
  return result;
}

answer run_resolve(const revision_graph& graph, const recorded_case& asked) {
  names found;
  for (const auto& place : resolve_places(graph, asked.target.get<std::string>(), asked.rows)) {
    found.push_back(place.revision     ? graph.id(*place.revision)
                    : place.below_base ? "None"
                                       : "base");
  }
  return listed(std::move(found));
}

answer run_history(const revision_graph& graph, const recorded_case& asked) {
  const std::string range = asked.target.is_null() ? "" : asked.target.get<std::string>();
  const auto shown = asked.target.is_null() ? std::nullopt : std::optional<std::string_view>(range);
  return listed(ids(graph, history(graph, shown, asked.rows)));
}

answer run_revision(const revision_graph& graph, const recorded_case& asked) {
  const auto option = [&](const char* name) { return asked.target.value(name, json()); };
  luamig::graph::revision_request request;
  request.id = "ffffffffffff";
  request.head = list_of(option("head"));
  request.splice = asked.target.value("splice", false);
  request.depends_on = list_of(option("depends_on"));
  request.branch_labels = list_of(option("branch_labels"));
  request.merge = asked.command == "merge";
  const luamig::graph::revision made = new_revision(graph, request);
  answer result;
  result.down = made.down_revision;
  result.deps = made.depends_on;
  result.labels = made.branch_labels;
  return result;
}

answer run_plan(const revision_graph& graph, const recorded_case& asked) {
  if (asked.command == "stamp") {
    return planned(plan_stamp(graph, asked.rows, list_of(asked.target), false), false);
  }
  const std::string target = asked.target;
  if (asked.command == "upgrade") return planned(plan_upgrade(graph, asked.rows, target), true);
  if (asked.command == "downgrade") return planned(plan_downgrade(graph, asked.rows, target), true);
  if (asked.command == "upgrade_sql") return planned(plan_upgrade_range(graph, target), true);
  return planned(plan_downgrade_range(graph, target), true);
}

answer run_command(const revision_graph& graph, const recorded_case& asked) {
  if (asked.command == "resolve") return run_resolve(graph, asked);
  if (asked.command == "history") return run_history(graph, asked);
  if (asked.command == "current") return listed(ids(graph, current(graph, asked.rows)));
  if (asked.command == "revision" || asked.command == "merge") return run_revision(graph, asked);
  return run_plan(graph, asked);
}

}  // namespace

loaded_graph load(const recorded_graph& source) {
  loaded_graph result;
  try {
    result.graph.emplace(source.revisions);
  } catch (const luamig::error& problem) {
    result.refusal = refused(problem);
  }
  return result;
}

json describe(const loaded_graph& loaded) {
  if (!loaded.graph) return as_json(loaded.refusal);
  const revision_graph& graph = *loaded.graph;
  json result = {{"heads", ids(graph, graph.heads())},
                 {"real_heads", ids(graph, graph.real_heads())},
                 {"bases", ids(graph, graph.bases())},
                 {"branch_points", ids(graph, graph.branch_points())},
                 {"labels", json::object()}};
  for (node n = 0; n < graph.size(); ++n) {
    if (!graph.labels(n).empty()) result["labels"][graph.id(n)] = graph.labels(n);
  }
  return result;
}

answer run(const loaded_graph& loaded, const recorded_case& asked) {
  if (!loaded.graph) return loaded.refusal;
  try {
    return run_command(*loaded.graph, asked);
  } catch (const luamig::error& problem) {
    return refused(problem);
  }
}

json as_json(const answer& given) {
  if (given.err) return {{"err", *given.err}, {"msg", given.message}};
  json result = json::object();
  if (given.steps) result["steps"] = *given.steps;
  if (given.heads) result["heads"] = *given.heads;
  if (given.down) result["down"] = *given.down;
  if (given.deps) result["deps"] = *given.deps;
  if (given.labels) result["labels"] = *given.labels;
  if (!given.revs) return result;
  result["revs"] = json::array();
  for (const std::string& rev : *given.revs) {
    result["revs"].push_back(rev == "None" ? json() : json(rev));
  }
  return result;
}

}  // namespace graph_corpus
