#include "cli/history_graph.hpp"

#include <doctest/doctest.h>

using luamig::cli::revision_view;

namespace {

revision_view node(const std::string& id, std::vector<std::string> parents) {
  revision_view v;
  v.revision = id;
  v.down_revision = std::move(parents);
  return v;
}

}  // namespace

TEST_CASE("graph drawing: a chain is one lane") {
  CHECK(luamig::cli::draw_lanes({node("b", {"a"}), node("a", {})}) ==
        "● a -> b\n"
        "● <base> -> a\n");
}

TEST_CASE("graph drawing: two heads meet in their branch point") {
  CHECK(luamig::cli::draw_lanes({node("c", {"a"}), node("b", {"a"}), node("a", {})}) ==
        "● a -> c\n"
        "│ ● a -> b\n"
        "├─╯\n"
        "● <base> -> a\n");
}

TEST_CASE("graph drawing: a merge opens a lane and the fork closes it") {
  CHECK(luamig::cli::draw_lanes(
            {node("m", {"b", "c"}), node("c", {"a"}), node("b", {"a"}), node("a", {})}) ==
        "● b, c -> m\n"
        "├─╮\n"
        "│ ● a -> c\n"
        "● │ a -> b\n"
        "├─╯\n"
        "● <base> -> a\n");
}

TEST_CASE("graph drawing: a line that crosses a lane is drawn through it") {
  CHECK(luamig::cli::draw_lanes(
            {node("d", {"a"}), node("c", {"b"}), node("e", {"a"}), node("a", {}), node("b", {})}) ==
        "● a -> d\n"
        "│ ● b -> c\n"
        "│ │ ● a -> e\n"
        "├─┼─╯\n"
        "● │ <base> -> a\n"
        "  ● <base> -> b\n");
}

TEST_CASE("graph drawing: a parent outside the range ends its lane") {
  CHECK(luamig::cli::draw_lanes({node("c", {"b"}), node("x", {"w"})}) ==
        "● b -> c\n"
        "● w -> x\n");
}

TEST_CASE("graph drawing: dot escapes and tells dependencies apart") {
  revision_view v = node("b", {"a"});
  v.message = "say \"hi\"";
  v.depends_on = {"d"};
  CHECK(luamig::cli::draw_dot({v}) ==
        "digraph revisions {\n"
        "  rankdir=BT;\n"
        "  node [shape=box];\n"
        "  \"b\" [label=\"b\\nsay \\\"hi\\\"\"];\n"
        "  \"a\" -> \"b\";\n"
        "  \"d\" -> \"b\" [style=dashed];\n"
        "}\n");
}

TEST_CASE("graph drawing: mermaid numbers its nodes, so that no id is a word of its own") {
  revision_view v = node("end", {"a"});
  v.message = "a \"b\" <c>";
  CHECK(luamig::cli::draw_mermaid({v, node("a", {})}) ==
        "flowchart BT\n"
        "  r0[\"end<br>a #quot;b#quot; #lt;c#gt;\"]\n"
        "  r1[\"a\"]\n"
        "  r1 --> r0\n");
}
