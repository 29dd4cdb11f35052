#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

names upgraded(const revision_graph& graph, const names& rows, std::string_view target) {
  return revisions(plan_upgrade(graph, rows, target));
}

error refused(const revision_graph& graph, const names& rows, std::string_view target) {
  return error_of([&] { return plan_upgrade(graph, rows, target); });
}

}  // namespace

TEST_CASE("upgrade: every step edits the rows that the last one leaves") {
  const plan p = plan_upgrade(line(), names{"one1"}, "head");
  REQUIRE(revisions(p) == names{"two2", "three3"});
  CHECK(p.rows_before == names{"one1"});
  CHECK(p.steps[0].edit.remove == names{"one1"});
  CHECK(p.steps[0].edit.add == names{"two2"});
  CHECK(p.steps[1].edit.remove == names{"two2"});
  CHECK(p.steps[1].edit.add == names{"three3"});
  CHECK(p.rows_after == names{"three3"});
  CHECK(p.target == names{"three3"});
  CHECK(p.steps[0].why == "parent of three3");
  CHECK(p.steps[1].why == "target");
}

TEST_CASE("upgrade: only a row that becomes its child is a swap") {
  const auto swaps = [](const revision_graph& graph, const names& rows) {
    std::vector<bool> result;
    for (const step& s : plan_upgrade(graph, rows, "heads").steps) result.push_back(s.swap);
    return result;
  };
  CHECK(swaps(line(), {}) == std::vector<bool>{false, true, true});
  // left1 takes the place of base1; right1 comes beside it.
  CHECK(swaps(two_branches(), {"base1"}) == std::vector<bool>{true, true, false});
  // pay1 is a base, pay2 has a dependency.
  CHECK(swaps(two_products(), {"shop2"}) == std::vector<bool>{false, false});
  const revision_graph merge({rev("a1"), rev("b1"), rev("m1", {"a1", "b1"})});
  CHECK(swaps(merge, {"a1", "b1"}) == std::vector<bool>{false});
}

TEST_CASE("upgrade: a dependency comes first and leaves no row of its own") {
  const plan p = plan_upgrade(two_products(), {}, "pay@head");
  CHECK(revisions(p) == names{"shop1", "shop2", "pay1", "pay2"});
  CHECK(p.rows_after == names{"pay2"});
  CHECK(p.steps[1].why == "pay2 depends on it");
  CHECK(p.steps[3].edit.remove == names{"pay1", "shop2"});
}

TEST_CASE("upgrade: relative targets walk up from the rows, a revision or a branch") {
  const revision_graph graph = two_branches();
  CHECK(upgraded(graph, {}, "+1") == names{"base1"});
  CHECK(upgraded(graph, {"left1"}, "+1") == names{"left2"});
  CHECK(upgraded(graph, {"left2"}, "right@+1") == names{"right1"});
  CHECK(upgraded(graph, {}, "left1+1") == names{"base1", "left1", "left2"});
  CHECK(upgraded(graph, {}, "left2-1") == names{"base1", "left1"});
  CHECK(plan_upgrade(graph, names{"left1"}, "+1").target == names{"left2"});
}

TEST_CASE("upgrade: a walk that ends too early says the words that people search for") {
  const error problem = refused(line(), {"three3"}, "+1");
  CHECK(problem.kind == "relative_out_of_range");
  CHECK(problem.message.rfind("Relative revision +1 didn't produce 1 migrations", 0) == 0);
  CHECK(problem.message.find("'three3'") != std::string::npos);
  CHECK(refused(line(), {"three3"}, "-1").kind == "relative_out_of_range");
  CHECK(refused(line(), {}, "one1-2").kind == "relative_out_of_range");
  CHECK(refused(line(), {}, "+99999999999999999999").kind == "relative_out_of_range");
}

TEST_CASE("upgrade: an ambiguous walk names its choices") {
  const error walk = refused(two_branches(), {"base1"}, "+1");
  CHECK(walk.kind == "ambiguous_walk");
  CHECK(walk.message == "Ambiguous walk: +1 may go from 'base1' to 'left1' and 'right1'");
  const error start = refused(two_branches(), {"left1", "right1"}, "+1");
  CHECK(start.kind == "ambiguous_upgrade");
  CHECK(start.message.find("'left1' and 'right1'") != std::string::npos);
}

TEST_CASE("upgrade: nothing to do leaves the rows alone") {
  const plan p = plan_upgrade(two_branches(), names{"left2", "base1"}, "left1");
  CHECK(p.steps.empty());
  CHECK(p.rows_after == names{"base1", "left2"});
  CHECK(p.warnings.size() == 1);
}

TEST_CASE("upgrade: a redundant row goes with the first step") {
  const plan p = plan_upgrade(two_branches(), names{"left2", "base1"}, "heads");
  REQUIRE(p.steps.size() == 1);
  CHECK(p.steps[0].edit.remove == names{"base1"});
  CHECK(p.steps[0].edit.add == names{"right1"});
  CHECK(p.rows_after == names{"left2", "right1"});
}

TEST_CASE("upgrade: a row of no known revision is an integrity error") {
  CHECK(refused(line(), {"deadbeef"}, "head").code == errc::integrity);
}

TEST_CASE("upgrade: a range must begin where the database is") {
  CHECK(upgraded(line(), {"one1"}, "one1:two2") == names{"two2"});
  CHECK(upgraded(line(), {}, "base:one1") == names{"one1"});
  CHECK(upgraded(line(), {"one1"}, "one1:") == names{"two2", "three3"});
  const error problem = refused(line(), {"two2"}, "one1:head");
  CHECK(problem.kind == "range_start");
  CHECK(problem.message == "the range begins at 'one1', but the database is at 'two2'");
  CHECK(refused(line(), {}, "a:b:c").kind == "bad_range");
}

TEST_CASE("upgrade: an offline range begins at its own rows") {
  const plan p = plan_upgrade_range(line(), "one1:head");
  CHECK(p.rows_before == names{"one1"});
  CHECK(revisions(p) == names{"two2", "three3"});
  CHECK(revisions(plan_upgrade_range(line(), ":one1")) == names{"one1"});
  CHECK(revisions(plan_upgrade_range(line(), "head")).size() == 3);
}

TEST_CASE("upgrade: planned again it aims at the same revision") {
  const revision_graph graph = line();
  const plan first = plan_upgrade(graph, names{"one1"}, "+1");
  CHECK(replan(graph, first, direction::upgrade, names{"two2"}).steps.empty());
  CHECK(revisions(replan(graph, first, direction::upgrade, {})) == names{"one1", "two2"});
}
