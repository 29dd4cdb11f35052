#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

names resolved(const revision_graph& graph, std::string_view symbol, const names& rows = {}) {
  return ids(graph, resolve(graph, symbol, rows));
}

error refused(const revision_graph& graph, std::string_view symbol) {
  return error_of([&] { return resolve(graph, symbol); });
}

}  // namespace

TEST_CASE("target: words, ids, beginnings and labels name revisions") {
  const revision_graph graph = two_branches();
  CHECK(resolved(graph, "heads") == names{"left2", "right1"});
  CHECK(resolved(graph, "base").empty());
  CHECK(resolved(graph, "left1") == names{"left1"});
  CHECK(resolved(graph, "ba") == names{"base1"});
  CHECK(resolved(graph, "right") == names{"right1"});
  CHECK(resolved(graph, "right@head") == names{"right1"});
  CHECK(resolved(graph, "left1@heads") == names{"left2"});
  CHECK(resolved(graph, "right@base1") == names{"base1"});
  CHECK(resolved(graph, "current", {"left1"}) == names{"left1"});
  CHECK(resolved(graph, "-1") == names{"left1", "base1"});
}

TEST_CASE("target: an id of three characters has no shorter name") {
  const revision_graph graph({rev("abc"), rev("xyz1", {"abc"})});
  CHECK(resolved(graph, "abc") == names{"abc"});
  CHECK(refused(graph, "ab").kind == "unknown_revision");
  CHECK(resolved(graph, "x") == names{"xyz1"});
}

TEST_CASE("target: a whole id wins over the beginning of another") {
  const revision_graph graph({rev("1234"), rev("12345", {"1234"})});
  CHECK(resolved(graph, "1234") == names{"1234"});
  CHECK(refused(graph, "123").kind == "ambiguous_partial");
}

TEST_CASE("target: an unknown revision says the words that people search for") {
  const revision_graph graph({rev("ae1027a6"), rev("7fe1c2d3", {"ae1027a6"})});
  const error problem = refused(graph, "ae1037a6");
  CHECK(problem.code == errc::graph);
  CHECK(problem.kind == "unknown_revision");
  CHECK(problem.message ==
        "Can't locate revision identified by 'ae1037a6'; did you mean 'ae1027a6'?");
  CHECK(refused(graph, "ae1026").message ==
        "Can't locate revision identified by 'ae1026'; did you mean 'ae1027a6'?");
  CHECK(refused(graph, "nope").message == "Can't locate revision identified by 'nope'");
  CHECK(refused(graph, "").kind == "unknown_revision");
  CHECK(refused(graph, "+1").kind == "unknown_revision");
  CHECK(refused(graph, "a\x1b[2J").message.find('\x1b') == std::string::npos);
}

TEST_CASE("target: an ambiguous word names its choices") {
  const error problem = refused(two_branches(), "left");
  CHECK(problem.kind == "ambiguous_partial");
  CHECK(problem.message ==
        "Can't locate revision identified by 'left': it begins 'left1' and 'left2'");
}

TEST_CASE("target: head with several heads names them and the cure") {
  const error problem = refused(two_branches(), "head");
  CHECK(problem.kind == "multiple_heads");
  CHECK(problem.message == "Multiple head revisions are present for 'head': 'left2' and 'right1'");
  CHECK(problem.hint.find("luamig merge heads") != std::string::npos);
}

TEST_CASE("target: what lies on another branch is not a member") {
  CHECK(refused(two_branches(), "right@left1").kind == "not_member");
  CHECK(refused(two_branches(), "nolabel@head").kind == "unknown_branch");
}

TEST_CASE("target: a walk down from the heads tells base from beyond it") {
  const auto places = resolve_places(two_branches(), "-2");
  REQUIRE(places.size() == 2);
  CHECK(places[0].revision == node{0});
  CHECK_FALSE(places[1].revision.has_value());
  CHECK_FALSE(places[1].below_base);
  CHECK(resolve_places(two_branches(), "-99999999999999999999")[1].below_base);
}

TEST_CASE("current: a branch head that is implied by depends_on is shown") {
  const revision_graph graph = two_products();
  CHECK(ids(graph, current(graph, names{"pay2"})) == names{"shop2", "pay2"});
  CHECK(ids(graph, current(graph, names{"shop1"})) == names{"shop1"});
}

TEST_CASE("current: a row of no known revision is an integrity error") {
  const error problem = error_of([] { return current(two_branches(), names{"deadbeef"}); });
  CHECK(problem.code == errc::integrity);
  CHECK(problem.kind == "unknown_revision");
  CHECK(problem.message.rfind("Can't locate revision identified by 'deadbeef'", 0) == 0);
}

TEST_CASE("history: newest first, all or a range") {
  const revision_graph graph = line();
  const auto shown = [&](std::string_view range, const names& rows = {}) {
    return ids(graph, history(graph, range, rows));
  };
  CHECK(ids(graph, history(graph, std::nullopt)) == names{"three3", "two2", "one1"});
  CHECK(shown(":") == names{"three3", "two2", "one1"});
  CHECK(shown("two2:") == names{"three3", "two2"});
  CHECK(shown(":two2") == names{"two2", "one1"});
  CHECK(shown("-1:current", {"two2"}) == names{"two2", "one1"});
  CHECK(shown("one1:+1") == names{"two2", "one1"});
  CHECK(shown("one1:two2+7") == names{"three3", "two2", "one1"});
}

TEST_CASE("history: wrong ranges are refused") {
  const auto kind = [](std::string_view range) {
    return error_of([&] { return history(two_branches(), range); }).kind;
  };
  CHECK(kind("left1") == "bad_range");
  CHECK(kind("a:b:c") == "bad_range");
  CHECK(kind("left2:left1") == "not_ancestor");
  CHECK(kind("base1:+1") == "ambiguous_walk");
  CHECK(kind("-9:left2") == "relative_out_of_range");
}

TEST_CASE("target: resolve_one gives one revision, or none for base") {
  const revision_graph graph = two_branches();
  CHECK(resolve_one(graph, "left2") == node{2});
  CHECK(resolve_one(graph, "base") == std::nullopt);
  CHECK(error_of([&] { return resolve_one(graph, "heads"); }).kind == "multiple_heads");
}
