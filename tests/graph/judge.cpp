#include "judge.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace graph_corpus {
namespace {

using id_set = std::set<std::string>;

bool same_category(const std::string& a, const std::string& b) {
  static const std::array<id_set, 4> alike{
      id_set{"unknown_revision", "ambiguous_partial", "unknown_branch", "not_member"},
      id_set{"relative_out_of_range", "ambiguous_walk", "ambiguous_upgrade", "not_ancestor"},
      id_set{"multiple_heads", "ambiguous_walk", "ambiguous_upgrade"},
      id_set{"cycle", "dep_cycle", "self_loop", "dep_self_loop"}};
  return a == b || std::any_of(alike.begin(), alike.end(), [&](const id_set& group) {
           return group.count(a) > 0 && group.count(b) > 0;
         });
}

id_set closure(const recorded_graph& graph, const names& start) {
  id_set seen;
  names todo = start;
  while (!todo.empty()) {
    const std::string id = todo.back();
    todo.pop_back();
    if (!seen.insert(id).second || !graph.has(id)) continue;
    const names& parents = graph.parents.at(id);
    todo.insert(todo.end(), parents.begin(), parents.end());
  }
  return seen;
}

names in_order(names list) {
  std::sort(list.begin(), list.end());
  return list;
}

std::string show(const names& list) { return json(list).dump(); }

bool begins(const std::string& s, const char* prefix) { return s.rfind(prefix, 0) == 0; }

bool stands_on(const recorded_graph& graph, const std::string& above, const std::string& below) {
  if (!graph.has(above)) return false;
  const names& parents = graph.parents.at(above);
  return std::find(parents.begin(), parents.end(), below) != parents.end();
}

/// Takes the steps one after another; the set that is applied at the end.
std::string replay(const recorded_graph& graph, bool up, const names& steps, id_set& applied) {
  for (const std::string& id : steps) {
    const names none;
    const names& parents = graph.has(id) ? graph.parents.at(id) : none;
    const bool legal =
        up ? applied.count(id) == 0 &&
                 std::all_of(parents.begin(), parents.end(),
                             [&](const std::string& parent) { return applied.count(parent) > 0; })
           : applied.count(id) > 0 &&
                 std::none_of(applied.begin(), applied.end(), [&](const std::string& other) {
                   return stands_on(graph, other, id);
                 });
    if (!legal) return std::string("illegal ") + (up ? "upgrade" : "downgrade") + " step " + id;
    if (up) {
      applied.insert(id);
    } else {
      applied.erase(id);
    }
  }
  return "";
}

/// Rows that another row implies, or "".
std::string redundant_row(const recorded_graph& graph, const names& rows) {
  for (const std::string& row : rows) {
    names others = rows;
    std::erase(others, row);
    if (closure(graph, others).count(row) > 0) return row;
  }
  return "";
}

/// Does the edit to the rows; false where it removes what is not there or adds what is.
bool take_edit(const luamig::graph::version_edit& edit, names& rows) {
  for (const std::string& gone : edit.remove) {
    if (std::erase(rows, gone) != 1) return false;
  }
  for (const std::string& come : edit.add) {
    if (std::count(rows.begin(), rows.end(), come) != 0) return false;
    rows.push_back(come);
  }
  return true;
}

/// What check.py does not see: rows, edits and swaps of a plan must tell the same story.
std::string check_plan(const recorded_graph& graph, const luamig::graph::plan& plan) {
  names rows = plan.rows_before;
  for (const luamig::graph::step& step : plan.steps) {
    const names after = luamig::graph::edited(rows, step.edit);
    if (!take_edit(step.edit, rows)) return "step " + step.revision + " has a wrong edit";
    if (in_order(rows) != after) return "step " + step.revision + " leaves other rows";
    if (step.swap && (step.edit.remove.size() != 1 || step.edit.add != names{step.revision} ||
                      graph.parents.at(step.revision) != step.edit.remove)) {
      return "step " + step.revision + " is no swap";
    }
    if (step.why.empty()) return "step " + step.revision + " does not say why";
    rows = after;
    if (plan.steps.back().way != luamig::graph::direction::stamp &&
        !redundant_row(graph, rows).empty()) {
      return "redundant row " + redundant_row(graph, rows);
    }
  }
  return rows == plan.rows_after ? "" : "the last step leaves other rows than the plan";
}

std::string judge_steps(const recorded_graph& graph, const recorded_case& asked,
                        const answer& given) {
  names start = asked.rows;
  if (asked.command.ends_with("_sql")) start = list_of(asked.result.value("start", json()));
  if (!std::all_of(start.begin(), start.end(), [&](const auto& id) { return graph.has(id); })) {
    return "";
  }
  id_set applied = closure(graph, start);
  std::string wrong = replay(graph, begins(asked.command, "upgrade"), *given.steps, applied);
  if (!wrong.empty()) return wrong;
  if (closure(graph, given.heads.value_or(names{})) != applied) {
    return "the version table does not describe the applied set";
  }
  return given.plan ? check_plan(graph, *given.plan) : "";
}

std::string judge_heads(const recorded_graph& graph, const recorded_case& asked,
                        const answer& given) {
  const json& expected = asked.result;
  const json want = expected.value("heads", expected.value("model_heads", json()));
  if (want.is_null()) return "";
  const names heads = given.heads.value_or(names{});
  if (closure(graph, heads) != closure(graph, list_of(want))) {
    return "heads " + show(heads) + ", expected " + want.dump();
  }
  return given.plan ? check_plan(graph, *given.plan) : "";
}

std::string judge_plan(const recorded_graph& graph, const recorded_case& asked,
                       const answer& given) {
  const json& expected = asked.result;
  if (expected.contains("steps")) {
    const names steps = given.steps.value_or(names{});
    if (expected.contains("warn")) {
      if (steps.empty()) return "no steps";
    } else if (in_order(steps) != in_order(list_of(expected.at("steps")))) {
      return "steps differ";
    }
  }
  return given.steps ? judge_steps(graph, asked, given) : judge_heads(graph, asked, given);
}

std::string judge_history(const recorded_graph& graph, const names& given, const names& expected) {
  if (in_order(given) != in_order(expected)) return "set differs";
  id_set shown;
  for (const std::string& id : given) {
    // Newest first: nothing that was shown before may lie below this one.
    for (const std::string& earlier : shown) {
      if (stands_on(graph, id, earlier)) return "order: " + earlier + " before " + id;
    }
    shown.insert(id);
  }
  return "";
}

std::string judge_attributes(const json& expected, const answer& given) {
  const auto same = [&](const char* name, const std::optional<names>& list) {
    return in_order(list.value_or(names{})) == in_order(list_of(expected.at(name)));
  };
  const bool all =
      same("down", given.down) && same("deps", given.deps) && same("labels", given.labels);
  return all ? "" : "attributes differ";
}

names texts(const json& list) {
  names result;
  for (const json& item : list) result.push_back(item.is_null() ? "None" : item.get<std::string>());
  return result;
}

std::string judge_answer(const recorded_graph& graph, const recorded_case& asked,
                         const answer& given) {
  const names revs = given.revs.value_or(names{});
  if (asked.command == "resolve" || asked.command == "current") {
    const names expected = texts(asked.result.value("revs", json::array()));
    return in_order(revs) == in_order(expected) ? "" : "revs differ";
  }
  if (asked.command == "revision" || asked.command == "merge") {
    return judge_attributes(asked.result, given);
  }
  if (asked.command == "history") {
    return judge_history(graph, revs, list_of(asked.result.at("revs")));
  }
  return judge_plan(graph, asked, given);
}

/// Alembic broke down: a clean error will do, but not where a valid plan is known.
std::string judge_after_crash(const recorded_graph& graph, const recorded_case& asked,
                              const answer& given) {
  const bool plan_known = asked.result.contains("model_heads");
  if (given.err) return plan_known && graph.family != "errors" ? "a valid plan exists" : "";
  if (!given.heads) return "";
  return judge_plan(graph, asked, given);
}

}  // namespace

std::string judge(const recorded_graph& graph, const recorded_case& asked, const answer& given) {
  if (graph.better_refused()) return {};
  const std::string expected = asked.result.value("err", "");
  if (begins(expected, "crash")) return judge_after_crash(graph, asked, given);
  if (expected == "overlap" && (given.err || asked.command == "history")) return {};
  if (!expected.empty() && expected != "overlap") {
    if (given.err) {
      const bool right = same_category(*given.err, expected);
      return right ? "" : "error " + *given.err + ", expected " + expected;
    }
    return "expected error " + expected;
  }
  if (given.err) {
    return asked.result.contains("warn") ? "" : "unexpected error " + *given.err;
  }
  return judge_answer(graph, asked, given);
}

std::string judge_load(const recorded_graph& graph, const json& shown) {
  const std::string expected = graph.load.value("err", "");
  const bool failed = shown.contains("err");
  if (graph.better_refused()) return failed ? "" : "better refused";
  if (begins(expected, "crash")) return failed ? "" : "expected an error";
  if (!expected.empty() || failed) {
    const bool right = failed && same_category(shown.at("err"), expected);
    return right ? "" : "error differs";
  }
  for (const char* list : {"heads", "real_heads", "bases", "branch_points"}) {
    if (in_order(list_of(shown.at(list))) != in_order(list_of(graph.load.at(list)))) {
      return std::string(list) + " differ";
    }
  }
  return shown.at("labels") == graph.load.at("labels") ? "" : "labels differ";
}

}  // namespace graph_corpus
