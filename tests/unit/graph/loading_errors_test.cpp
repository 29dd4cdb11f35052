#include "sample.hpp"

using namespace luamig;
using namespace luamig::graph;

namespace {

error loading(std::vector<revision> revisions) {
  return error_of([&] { return revision_graph(std::move(revisions)); });
}

}  // namespace

TEST_CASE("graph: a cycle names all its members and nobody else") {
  const error problem =
      loading({rev("base1"), rev("aaaa", {"base1", "cccc"}), rev("bbbb", {"aaaa"}),
               rev("cccc", {"bbbb"}), rev("dddd", {"cccc"})});
  CHECK(problem.code == errc::graph);
  CHECK(problem.kind == "cycle");
  for (const char* member : {"'aaaa'", "'bbbb'", "'cccc'"}) {
    CHECK(problem.message.find(member) != std::string::npos);
  }
  for (const char* other : {"'base1'", "'dddd'"}) {
    CHECK(problem.message.find(other) == std::string::npos);
  }
  CHECK(problem.message.find("versions/bbbb.lua") != std::string::npos);
}

TEST_CASE("graph: a cycle through depends_on is a dependency cycle") {
  CHECK(loading({rev("aaaa", {}, {"bbbb"}), rev("bbbb", {}, {"aaaa"})}).kind == "dep_cycle");
  CHECK(loading({rev("aaaa", {}, {"bbbb"}), rev("bbbb", {"aaaa"})}).kind == "dep_cycle");
}

TEST_CASE("graph: a revision does not name itself") {
  CHECK(loading({rev("aaaa", {"aaaa"})}).kind == "self_loop");
  CHECK(loading({rev("aaaa", {}, {"aaaa"})}).kind == "dep_self_loop");
  CHECK(loading({rev("aaaa", {}, {"me"}, {"me"})}).kind == "dep_self_loop");
}

TEST_CASE("graph: a missing parent names the file that wants it and what was meant") {
  const error problem = loading({rev("c0ffee12"), rev("bbbb", {"c0ffee13"})});
  CHECK(problem.kind == "unknown_revision");
  CHECK(problem.message ==
        "Can't locate revision identified by 'c0ffee13'; did you mean 'c0ffee12'? (down_revision "
        "of 'bbbb' in versions/bbbb.lua)");
  CHECK(problem.revision == "bbbb");
  CHECK(problem.file == "versions/bbbb.lua");
  CHECK(loading({rev("bbbb", {}, {"gone"})}).kind == "unknown_revision");
}

TEST_CASE("graph: ids and labels are unique among each other") {
  revision again = rev("bbbb");
  again.origin = "versions/copy.lua";
  const error twice = loading({rev("bbbb"), again});
  CHECK(twice.kind == "duplicate_id");
  CHECK(twice.message ==
        "revision 'bbbb' in versions/copy.lua is present more than once, first in "
        "versions/bbbb.lua");
  CHECK(loading({rev("aaaa", {}, {}, {"x"}), rev("bbbb", {}, {}, {"x"})}).kind ==
        "duplicate_label");
  CHECK(loading({rev("aaaa", {}, {}, {"aaaa"})}).kind == "duplicate_label");
  CHECK(loading({rev("aaaa", {}, {}, {"bbbb"}), rev("bbbb")}).kind == "duplicate_label");
  CHECK(loading({rev("aaaa"), rev("bbbb", {"aaaa", "aaaa"})}).kind == "duplicate_parent");
}

TEST_CASE("graph: ids that a target could not name are refused") {
  for (const char* id : {"", "a b", "a-1", "+1", "-1", "a@b", "a:b", "a/b", "ä", "a'b"}) {
    CAPTURE(id);
    CHECK(loading({rev(id)}).kind == "illegal_char");
  }
  for (const char* id : {"head", "heads", "base", "current"}) {
    CHECK(loading({rev(id)}).kind == "reserved");
    CHECK(loading({rev("aaaa", {}, {}, {id})}).kind == "reserved");
  }
  CHECK(loading({rev(std::string(256, 'a'))}).kind == "too_long");
  CHECK(revision_graph({rev(std::string(255, 'a'))}).size() == 1);
}

TEST_CASE("graph: odd but legal ids and labels load") {
  const revision_graph graph({rev("1"), rev("001_initial", {"1"}), rev("v1.2", {"001_initial"}),
                              rev("_", {"v1.2"}, {}, {"add-users", "größe"})});
  CHECK(ids(graph, resolve(graph, "add-users@head")) == names{"_"});
  CHECK(revisions(plan_upgrade(graph, names{"1"}, "v1.2")) == names{"001_initial", "v1.2"});
  CHECK(revisions(plan_upgrade(graph, names{"1"}, "v1.2+1")).back() == "_");
}

TEST_CASE("graph: labels that a target could not name are refused") {
  for (const char* label : {"", "a b", "shop-1", "a@b", "a:b", "+", "a\n"}) {
    CAPTURE(label);
    CHECK(loading({rev("aaaa", {}, {}, {label})}).kind == "illegal_char");
  }
}
