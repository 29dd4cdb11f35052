#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

names downgraded(const revision_graph& graph, const names& rows, std::string_view target) {
  return revisions(plan_downgrade(graph, rows, target));
}

error refused(const revision_graph& graph, const names& rows, std::string_view target) {
  return error_of([&] { return plan_downgrade(graph, rows, target); });
}

}  // namespace

TEST_CASE("downgrade: to a revision takes back what stands on it, and nothing else") {
  const plan p = plan_downgrade(two_branches(), names{"left2", "right1"}, "left1");
  CHECK(revisions(p) == names{"left2"});
  CHECK(p.rows_after == names{"left1", "right1"});
  CHECK(p.steps[0].why == "child of left1");
  CHECK_FALSE(p.steps[0].swap);
}

TEST_CASE("downgrade: parents become rows when nothing applied stands on them") {
  const plan p = plan_downgrade(two_products(), names{"pay2"}, "pay1");
  REQUIRE(revisions(p) == names{"pay2"});
  CHECK(p.steps[0].edit.remove == names{"pay2"});
  CHECK(p.steps[0].edit.add == names{"pay1", "shop2"});
}

TEST_CASE("downgrade: what depends on a revision goes with it") {
  const plan p = plan_downgrade(two_products(), names{"pay2"}, "shop1");
  CHECK(revisions(p) == names{"pay2", "shop2"});
  CHECK(p.steps[0].why == "depends on shop2");
  CHECK(p.rows_after == names{"pay1", "shop1"});
}

TEST_CASE("downgrade: to base takes all back, to a branch's base that branch") {
  CHECK(downgraded(two_branches(), {"left2", "right1"}, "base") ==
        names{"right1", "left2", "left1", "base1"});
  const plan p = plan_downgrade(two_products(), names{"pay2"}, "pay@base");
  CHECK(revisions(p) == names{"pay2", "pay1"});
  CHECK(p.rows_after == names{"shop2"});
}

TEST_CASE("downgrade: -1 takes one revision of the only line back") {
  const plan p = plan_downgrade(line(), names{"three3"}, "-1");
  CHECK(revisions(p) == names{"three3"});
  CHECK(p.target == names{"two2"});
  CHECK(downgraded(line(), {"one1"}, "-1") == names{"one1"});
  CHECK(downgraded(two_branches(), {"left2", "right1"}, "right@-1") == names{"right1"});
}

TEST_CASE("downgrade: -1 from several heads is refused and names them") {
  const error problem = refused(two_branches(), {"left2", "right1"}, "-1");
  CHECK(problem.kind == "ambiguous_walk");
  CHECK(problem.message.find("'left2' and 'right1'") != std::string::npos);
}

TEST_CASE("downgrade: -1 at a merge point names its parents") {
  const revision_graph graph({rev("a1"), rev("b1"), rev("m1", {"a1", "b1"})});
  const error problem = refused(graph, {"m1"}, "-1");
  CHECK(problem.kind == "ambiguous_walk");
  CHECK(problem.message == "Ambiguous walk: -1 may go from 'm1' to 'a1' and 'b1'");
}

TEST_CASE("downgrade: further than base is an error") {
  CHECK(refused(line(), {"two2"}, "-3")
            .message.rfind("Relative revision -3 didn't produce 3 migrations", 0) == 0);
  CHECK(refused(line(), {}, "-1").kind == "relative_out_of_range");
  CHECK(refused(line(), {"two2"}, "+1").kind == "relative_out_of_range");
}

TEST_CASE("downgrade: a target above the rows is refused") {
  CHECK(refused(line(), {"one1"}, "two2").kind == "not_ancestor");
  CHECK(downgraded(line(), {"two2"}, "two2").empty());
}

TEST_CASE("downgrade: a range must begin where the database is") {
  CHECK(downgraded(line(), {"three3"}, "head:one1") == names{"three3", "two2"});
  CHECK(refused(line(), {"two2"}, "head:one1").kind == "range_start");
  CHECK(revisions(plan_downgrade_range(line(), "two2:base")) == names{"two2", "one1"});
  CHECK(error_of([] { return plan_downgrade_range(line(), "one1"); }).kind == "bad_range");
  CHECK(error_of([] { return plan_downgrade_range(two_branches(), "heads:base"); }).kind ==
        "multiple_heads");
}

TEST_CASE("downgrade: planned again it takes back the same line only") {
  const revision_graph graph = two_products();
  const plan first = plan_downgrade(graph, names{"pay1", "shop1"}, "pay@base");
  CHECK(first.target == names{"pay1@base"});
  CHECK(replan(graph, first, direction::downgrade, names{"shop1"}).steps.empty());
  CHECK(revisions(replan(graph, first, direction::downgrade, names{"pay1", "shop2"})) ==
        names{"pay1"});
}

TEST_CASE("downgrade: planned again when another runner has gone further is nothing to do") {
  const revision_graph graph = line();
  const plan first = plan_downgrade(graph, names{"three3"}, "-1");
  CHECK(replan(graph, first, direction::downgrade, names{"one1"}).steps.empty());
}
