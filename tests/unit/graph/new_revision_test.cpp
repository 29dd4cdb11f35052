#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

std::string refused(const revision_graph& graph, revision_request request) {
  request.id = "newone";
  return error_of([&] { return new_revision(graph, request); }).kind;
}

}  // namespace

TEST_CASE("new revision: stands on the only head") {
  const revision made = new_revision(line(), {.id = "newone"});
  CHECK(made.id == "newone");
  CHECK(made.down_revision == names{"three3"});
}

TEST_CASE("new revision: several heads need a choice") {
  CHECK(refused(two_branches(), {}) == "multiple_heads");
  CHECK(new_revision(two_branches(), {.id = "n", .head = {"right@head"}}).down_revision ==
        names{"right1"});
  CHECK(new_revision(two_branches(), {.id = "n", .head = {"base"}}).down_revision.empty());
}

TEST_CASE("new revision: not on the middle of a line without splice") {
  CHECK(refused(line(), {.head = {"one1"}}) == "not_head");
  CHECK(new_revision(line(), {.id = "n", .head = {"one1"}, .splice = true}).down_revision ==
        names{"one1"});
}

TEST_CASE("new revision: dependencies are ids, or labels as they were given") {
  const revision made = new_revision(
      two_branches(), {.id = "n", .head = {"left2"}, .depends_on = {"right", "right1"}});
  CHECK(made.depends_on == names{"right", "right1"});
  CHECK(new_revision(two_branches(), {.id = "n", .head = {"left2"}, .depends_on = {"righ"}})
            .depends_on == names{"right1"});
  CHECK(refused(two_branches(), {.head = {"left2"}, .depends_on = {"nope"}}) == "unknown_revision");
  CHECK(refused(two_branches(), {.head = {"left2"}, .depends_on = {"base"}}) == "unknown_revision");
}

TEST_CASE("new revision: a merge joins the heads") {
  CHECK(new_revision(two_branches(), {.id = "n", .merge = true}).down_revision ==
        names{"left2", "right1"});
  CHECK(refused(two_branches(), {.head = {"left2", "left2"}, .merge = true}) == "duplicate_heads");
  CHECK(refused(two_branches(), {.head = {"left2", "base1"}, .merge = true}) == "not_head");
}

TEST_CASE("new revision: what would break the graph is refused") {
  CHECK(refused(two_branches(), {.head = {"left2"}, .branch_labels = {"right"}}) ==
        "duplicate_label");
  CHECK(refused(two_branches(), {.head = {"left2"}, .branch_labels = {"a@b"}}) == "illegal_char");
  CHECK(error_of([] { return new_revision(line(), {.id = "two2"}); }).kind == "duplicate_id");
  CHECK(error_of([] { return new_revision(line(), {.id = "head"}); }).kind == "reserved");
}
