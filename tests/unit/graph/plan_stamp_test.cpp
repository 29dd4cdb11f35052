#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

names stamped(const revision_graph& graph, const names& rows, const names& targets) {
  return plan_stamp(graph, rows, targets, false).rows_after;
}

}  // namespace

TEST_CASE("stamp: a revision takes the place of what is above or below it") {
  CHECK(stamped(line(), {"three3"}, {"one1"}) == names{"one1"});
  CHECK(stamped(line(), {"one1"}, {"head"}) == names{"three3"});
  CHECK(stamped(two_branches(), {"base1"}, {"left2", "right1"}) == names{"left2", "right1"});
  CHECK(stamped(two_branches(), {"left2"}, {"right1"}) == names{"left2", "right1"});
  CHECK(stamped(two_branches(), {"left2", "right1"}, {"base1"}) == names{"base1"});
}

TEST_CASE("stamp: base empties the table, a branch's base takes its rows away") {
  CHECK(stamped(two_branches(), {"left2", "right1"}, {"base"}).empty());
  CHECK(stamped(two_products(), {"shop1", "pay1"}, {"pay@base"}) == names{"shop1"});
}

TEST_CASE("stamp: one step a row that changes") {
  const plan p = plan_stamp(two_branches(), names{"left1", "right1"}, names{"base1"}, false);
  REQUIRE(p.steps.size() == 2);
  CHECK(p.steps[0].revision == "base1");
  CHECK(p.steps[0].way == direction::stamp);
  CHECK(p.steps[0].edit.remove == names{"left1"});
  CHECK(p.steps[1].revision.empty());
  CHECK(p.steps[1].edit.remove == names{"right1"});
  CHECK(p.rows_after == names{"base1"});
}

TEST_CASE("stamp: a row of no known revision is replaced with a warning") {
  const plan p = plan_stamp(line(), names{"deadbeef"}, names{"three3"}, false);
  CHECK(p.rows_after == names{"three3"});
  REQUIRE(p.warnings.size() == 1);
  CHECK(p.warnings[0].rfind("Can't locate revision identified by 'deadbeef'", 0) == 0);
}

TEST_CASE("stamp: head over a row of no known revision would be a guess") {
  for (const char* symbol : {"head", "heads"}) {
    const error problem =
        error_of([&] { return plan_stamp(line(), names{"deadbeef"}, names{symbol}, false); });
    CHECK(problem.code == errc::integrity);
    CHECK(problem.kind == "unknown_revision");
    CHECK(plan_stamp(line(), names{"deadbeef"}, names{symbol}, true).rows_after == names{"three3"});
  }
}

TEST_CASE("stamp: purge empties the table first") {
  const plan p = plan_stamp(two_branches(), names{"deadbeef", "right1"}, names{"left1"}, true);
  CHECK(p.rows_after == names{"left1"});
}

TEST_CASE("stamp: an unknown target is refused") {
  const error problem = error_of([] { return plan_stamp(line(), names{}, names{"nope"}, false); });
  CHECK(problem.code == errc::graph);
  CHECK(problem.kind == "unknown_revision");
  CHECK(error_of([] { return plan_stamp(two_branches(), names{}, names{"head"}, false); }).kind ==
        "multiple_heads");
}

TEST_CASE("stamp: where it stands already nothing changes") {
  const plan p = plan_stamp(two_branches(), names{"right1", "left2"}, names{"heads"}, false);
  CHECK(p.steps.empty());
  CHECK(p.target == names{"left2", "right1"});
  CHECK(replan(two_branches(), p, direction::stamp, names{"base1"}).rows_after ==
        names{"left2", "right1"});
}

TEST_CASE("plan: directions have names") {
  CHECK(name(direction::upgrade) == "upgrade");
  CHECK(name(direction::downgrade) == "downgrade");
  CHECK(name(direction::stamp) == "stamp");
}
