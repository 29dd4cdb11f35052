#include <memory>

#include "sample.hpp"

using namespace luamig::graph;

TEST_CASE("graph: two branches leave two heads") {
  const revision_graph graph = two_branches();
  CHECK(ids(graph, graph.heads()) == names{"left2", "right1"});
  CHECK(ids(graph, graph.real_heads()) == names{"left2", "right1"});
  CHECK(ids(graph, graph.bases()) == names{"base1"});
  CHECK(ids(graph, graph.branch_points()) == names{"base1"});
}

TEST_CASE("graph: a head that another revision depends on is no real head") {
  const revision_graph graph = two_products();
  CHECK(ids(graph, graph.heads()) == names{"shop2", "pay2"});
  CHECK(ids(graph, graph.real_heads()) == names{"pay2"});
  CHECK(graph.is_head(*graph.find("shop2")));
  CHECK_FALSE(graph.is_real_head(*graph.find("shop2")));
}

TEST_CASE("graph: depends_on finds ids and labels") {
  const revision_graph graph(
      {rev("a1", {}, {}, {"alpha"}), rev("b1", {}, {"alpha"}), rev("c1", {}, {"a1", "alpha"})});
  CHECK(graph.dependencies(1).size() == 1);
  CHECK(graph.dependencies(1)[0] == 0);
  CHECK(graph.dependencies(2).size() == 1);
  CHECK(ids(graph, {graph.children(0).begin(), graph.children(0).end()}) == names{"b1", "c1"});
}

TEST_CASE("graph: the order puts parents first and keeps the load order otherwise") {
  const revision_graph graph({rev("late", {"first"}), rev("other"), rev("first")});
  CHECK(ids(graph, graph.topological_order()) == names{"other", "first", "late"});
}

TEST_CASE("graph: a label is shown above its revision, and below it on a single line") {
  const revision_graph forked = two_branches();
  CHECK(forked.labels(*forked.find("right1")) == names{"right"});
  CHECK(forked.labels(*forked.find("base1")).empty());
  const revision_graph straight(
      {rev("a1"), rev("a2", {"a1"}, {}, {"alpha"}), rev("a3", {"a2"}, {}, {"again"})});
  for (node n = 0; n < 3; ++n) CHECK(straight.labels(n) == names{"again", "alpha"});
}

TEST_CASE("graph: a merge point shows the labels of all its branches") {
  const revision_graph graph({rev("a1"), rev("b1", {"a1"}, {}, {"bee"}),
                              rev("c1", {"a1"}, {}, {"cee"}), rev("m1", {"b1", "c1"})});
  CHECK(graph.labels(3) == names{"bee", "cee"});
  CHECK(graph.labels(1) == names{"bee"});
  CHECK(graph.labels(0).empty());
}

TEST_CASE("graph: the maximal members of an applied set are its rows") {
  const revision_graph graph = two_products();
  const node pay2 = *graph.find("pay2");
  CHECK(ids(graph, graph.maximal(graph.closure(std::span(&pay2, 1)))) == names{"pay2"});
}

TEST_CASE("graph: a copy stands alone") {
  auto first = std::make_unique<revision_graph>(two_branches());
  const revision_graph copy = *first;
  first.reset();
  CHECK(copy.find("left2") == node{2});
  CHECK(copy.find_label("right") == node{3});
}

TEST_CASE("graph: an empty directory is a graph without heads") {
  const revision_graph graph{std::vector<revision>{}};
  CHECK(graph.heads().empty());
  CHECK_FALSE(graph.find("a").has_value());
  CHECK(plan_upgrade(graph, {}, "heads").steps.empty());
  CHECK(history(graph, std::nullopt).empty());
}

TEST_CASE("graph: a hundred thousand revisions in one line load and plan") {
  std::vector<revision> all{rev("r0", {}, {}, {"long"})};
  for (int i = 1; i < 100'000; ++i) {
    all.push_back(rev("r" + std::to_string(i), {"r" + std::to_string(i - 1)}));
  }
  const revision_graph graph(std::move(all));
  CHECK(graph.labels(99'999) == names{"long"});
  CHECK(plan_upgrade(graph, {}, "head").steps.size() == 100'000);
  CHECK(plan_downgrade(graph, names{"r99999"}, "-99999").rows_after == names{"r0"});
}
