#include "mutants.hpp"

#include <algorithm>

namespace graph_corpus {
namespace {

using named_answers = std::vector<std::pair<std::string, answer>>;

answer recorded_answer(const json& result) {
  answer given;
  const auto take = [&](const char* name, std::optional<names>& into) {
    if (result.contains(name)) into = list_of(result.at(name));
  };
  take("steps", given.steps);
  take("heads", given.heads);
  take("down", given.down);
  take("deps", given.deps);
  take("labels", given.labels);
  if (!result.contains("revs")) return given;
  given.revs.emplace();
  for (const json& rev : result.at("revs")) given.revs->push_back(rev.is_null() ? "None" : rev);
  return given;
}

/// Whether the order of the list matters: one of it is a parent of another.
bool ordered(const recorded_graph& graph, const names& list) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& id) {
    const names& parents = graph.parents.at(id);
    return std::any_of(parents.begin(), parents.end(), [&](const std::string& parent) {
      return std::find(list.begin(), list.end(), parent) != list.end();
    });
  });
}

void spoil_list(const recorded_graph& graph, const std::string& name, const answer& good,
                std::optional<names> answer::*list, bool order_counts, named_answers& out) {
  const names& right = *(good.*list);
  if (order_counts && ordered(graph, right)) {
    answer bad = good;
    std::reverse((bad.*list)->begin(), (bad.*list)->end());
    out.emplace_back(name + " reversed", std::move(bad));
  }
  for (std::size_t i = 0; i < right.size(); ++i) {
    answer bad = good;
    (bad.*list)->erase((bad.*list)->begin() + static_cast<std::ptrdiff_t>(i));
    out.emplace_back(name + " without " + right[i], std::move(bad));
  }
  answer bad = good;
  (bad.*list)->push_back(right.empty() ? "zz" : right[0]);
  out.emplace_back(name + " with one more", std::move(bad));
}

void spoil_heads(const answer& good, named_answers& out) {
  answer bad = good;
  bad.heads = good.heads->empty() ? names{"zz"} : names{};
  out.emplace_back("other heads", std::move(bad));
}

answer error_of(const std::string& category) {
  answer bad;
  bad.err = category;
  return bad;
}

void spoil_answer(const recorded_graph& graph, const answer& good, named_answers& out) {
  out.emplace_back("an error", error_of("unknown_revision"));
  if (good.steps) spoil_list(graph, "steps", good, &answer::steps, true, out);
  if (good.heads) spoil_heads(good, out);
  if (good.down) spoil_list(graph, "down", good, &answer::down, false, out);
  if (good.deps) spoil_list(graph, "deps", good, &answer::deps, false, out);
}

}  // namespace

named_answers mutants(const recorded_graph& graph, const recorded_case& asked) {
  named_answers out;
  const std::string expected = asked.result.value("err", "");
  const bool several_right = asked.result.contains("warn") || expected == "overlap" ||
                             expected.rfind("crash", 0) == 0 || graph.better_refused();
  if (several_right) return out;
  if (!expected.empty()) {
    out.emplace_back("", error_of(expected));
    out.emplace_back("another error", error_of("no_such_category"));
    answer plan;
    plan.steps = plan.heads = plan.revs = names{};
    out.emplace_back("no error", std::move(plan));
    return out;
  }
  const answer good = recorded_answer(asked.result);
  out.emplace_back("", good);
  spoil_answer(graph, good, out);
  if (good.revs) {
    spoil_list(graph, "revs", good, &answer::revs, asked.command == "history", out);
  }
  return out;
}

}  // namespace graph_corpus
