// The planner against the closed form, worked out the slow way, on random graphs.
#include <rapidcheck.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/error.hpp"
#include "graph/plan.hpp"
#include "graph/target.hpp"

namespace {

using namespace luamig::graph;
using id_set = std::set<std::string>;
using names = std::vector<std::string>;

/// A random DAG in random load order, with the relations of the closed form as plain sets.
struct sample {
  std::vector<revision> revisions;
  std::map<std::string, id_set> below;  ///< over D, itself too
  std::map<std::string, id_set> above;
  id_set applied;
  names rows;
};

std::string name_of(int i) { return "rev" + std::to_string(i); }

names some_earlier(int i, int at_most) {
  id_set chosen;
  const int wanted = i == 0 ? 0 : *rc::gen::inRange(0, at_most + 1);
  for (int k = 0; k < wanted; ++k) chosen.insert(name_of(*rc::gen::inRange(0, i)));
  return {chosen.begin(), chosen.end()};
}

names maximal(const sample& s, const id_set& set) {
  names result;
  for (const std::string& id : set) {
    const bool covered = std::any_of(set.begin(), set.end(), [&](const std::string& other) {
      return other != id && s.below.at(other).count(id) > 0;
    });
    if (!covered) result.push_back(id);
  }
  return result;
}

id_set closure(const sample& s, const names& start) {
  id_set result;
  for (const std::string& id : start) result.insert(s.below.at(id).begin(), s.below.at(id).end());
  return result;
}

sample any_sample() {
  sample s;
  const int size = *rc::gen::inRange(1, 14);
  for (int i = 0; i < size; ++i) {
    s.revisions.push_back({name_of(i), some_earlier(i, 2), some_earlier(i, 1), {}, ""});
    id_set& below = s.below[name_of(i)] = {name_of(i)};
    for (const names& parents : {s.revisions.back().down_revision, s.revisions.back().depends_on}) {
      for (const std::string& p : parents) below.insert(s.below[p].begin(), s.below[p].end());
    }
    for (const std::string& id : below) s.above[id].insert(name_of(i));
  }
  s.applied = closure(s, some_earlier(size, 3));
  s.rows = maximal(s, s.applied);
  std::vector<std::pair<int, revision>> shuffled;
  for (revision& r : s.revisions) shuffled.emplace_back(*rc::gen::inRange(0, 1000), r);
  std::stable_sort(shuffled.begin(), shuffled.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < shuffled.size(); ++i) s.revisions[i] = shuffled[i].second;
  return s;
}

const revision& declared(const sample& s, const std::string& id) {
  return *std::find_if(s.revisions.begin(), s.revisions.end(),
                       [&](const revision& r) { return r.id == id; });
}

/// Every step is legal where it stands, and rows tell what is applied.
void check_plan(const sample& s, const plan& p, const id_set& expected) {
  id_set applied = s.applied;
  names rows = s.rows;
  id_set seen;
  for (const step& now : p.steps) {
    RC_ASSERT(seen.insert(now.revision).second);
    if (now.way == direction::upgrade) {
      RC_ASSERT(applied.insert(now.revision).second);
      for (const std::string& id : s.below.at(now.revision)) RC_ASSERT(applied.count(id) == 1);
    } else {
      for (const std::string& id : s.above.at(now.revision)) {
        RC_ASSERT(id == now.revision || applied.count(id) == 0);
      }
      RC_ASSERT(applied.erase(now.revision) == 1);
    }
    rows = edited(rows, now.edit);
    RC_ASSERT(rows == maximal(s, applied));
    const revision& r = declared(s, now.revision);
    const bool row_moves = r.down_revision.size() == 1 && r.depends_on.empty() &&
                           now.edit.remove == r.down_revision &&
                           now.edit.add == names{now.revision};
    RC_ASSERT(now.swap == (now.way == direction::upgrade && row_moves));
  }
  RC_ASSERT(seen == expected);
  RC_ASSERT(p.rows_after == rows);
}

void upgrades_take_what_is_missing() {
  const sample s = any_sample();
  const revision_graph graph(s.revisions);
  const std::string target = name_of(*rc::gen::inRange(0, static_cast<int>(s.revisions.size())));
  id_set expected;
  for (const std::string& id : s.below.at(target)) {
    if (s.applied.count(id) == 0) expected.insert(id);
  }
  check_plan(s, plan_upgrade(graph, s.rows, target), expected);
}

/// cl(rows) and whatever stands on the target's direct children over down_revision.
id_set reverted(const sample& s, const std::string& target) {
  id_set expected;
  for (const revision& r : s.revisions) {
    const auto& down = r.down_revision;
    const bool root =
        target == "base" ? down.empty() : std::find(down.begin(), down.end(), target) != down.end();
    if (!root) continue;
    for (const std::string& id : s.above.at(r.id)) {
      if (s.applied.count(id) == 1) expected.insert(id);
    }
  }
  return expected;
}

void downgrades_take_back_what_stands_on_the_target() {
  const sample s = any_sample();
  const revision_graph graph(s.revisions);
  const int chosen = *rc::gen::inRange(-1, static_cast<int>(s.revisions.size()));
  const std::string target = chosen < 0 ? "base" : name_of(chosen);
  const id_set expected = reverted(s, target);
  const bool refused = expected.empty() && target != "base" &&
                       std::find(s.rows.begin(), s.rows.end(), target) == s.rows.end();
  if (refused) {
    RC_ASSERT_THROWS_AS((void)plan_downgrade(graph, s.rows, target), luamig::error);
  } else {
    check_plan(s, plan_downgrade(graph, s.rows, target), expected);
  }
}

void a_plan_made_again_midway_is_its_own_rest() {
  const sample s = any_sample();
  const revision_graph graph(s.revisions);
  const bool up = *rc::gen::arbitrary<bool>();
  const direction way = up ? direction::upgrade : direction::downgrade;
  const plan whole =
      up ? plan_upgrade(graph, s.rows, "heads") : plan_downgrade(graph, s.rows, "base");
  const auto done = *rc::gen::inRange<std::size_t>(0, whole.steps.size() + 1);
  names rows = whole.rows_before;
  for (std::size_t i = 0; i < done; ++i) rows = edited(rows, whole.steps[i].edit);
  const plan rest = replan(graph, whole, way, rows);
  RC_ASSERT(rest.steps.size() == whole.steps.size() - done);
  for (std::size_t i = 0; i < rest.steps.size(); ++i) {
    RC_ASSERT(rest.steps[i].revision == whole.steps[done + i].revision);
  }
}

/// Anything that could stand where a target is expected.
std::string any_target() {
  static const names pieces{"rev",  "rev1",    "rev12", "head", "heads",
                            "base", "current", "@",     "@",    "+",
                            "-",    ":",       "1",     "2",    "999999999999999999999",
                            "",     " ",       "\x1b",  "ä"};
  std::string text;
  for (int left = *rc::gen::inRange(0, 7); left > 0; --left) {
    text += *rc::gen::elementOf(pieces);
  }
  return text;
}

void any_text_is_planned_or_refused() {
  const sample s = any_sample();
  const revision_graph graph(s.revisions);
  const std::string target = any_target();
  const std::vector<std::function<void()>> uses{
      [&] { (void)plan_upgrade(graph, s.rows, target); },
      [&] { (void)plan_downgrade(graph, s.rows, target); },
      [&] {
        (void)plan_stamp(graph, s.rows, names{target, "rev0"}, false);
      },
      [&] { (void)plan_upgrade_range(graph, target); },
      [&] { (void)plan_downgrade_range(graph, target); },
      [&] { (void)history(graph, target, s.rows); },
      [&] { (void)resolve(graph, target, s.rows); },
  };
  for (const auto& use : uses) {
    try {
      use();
    } catch (const luamig::error& problem) {
      RC_ASSERT(!problem.kind.empty());
      RC_ASSERT(!problem.hint.empty());
    }
  }
}

}  // namespace

int main() {
  const bool right =
      rc::check("upgrade: steps are cl(target) - cl(rows)", upgrades_take_what_is_missing) &&
      rc::check("downgrade: steps are the applied ones that stand on the target",
                downgrades_take_back_what_stands_on_the_target) &&
      rc::check("replan: the rest of a plan is the plan of its rest",
                a_plan_made_again_midway_is_its_own_rest) &&
      rc::check("target: any text is planned or refused", any_text_is_planned_or_refused);
  return right ? 0 : 1;
}
