#include "cli/render_human.hpp"

#include <doctest/doctest.h>

#include "cli/format.hpp"
#include "unit/cli/screen.hpp"

using namespace luamig::cli;

namespace {

revision_view initial() {
  revision_view v;
  v.revision = "51fa08c6d2e9";
  v.message = "initial";
  v.path = "migrations/versions/51fa08c6d2e9_initial.lua";
  v.next = {"c0ffee123456", "5ca1ab1e0001"};
  v.branch_point = true;
  return v;
}

revision_view split_names() {
  revision_view v;
  v.revision = "c0ffee123456";
  v.message = "split user names";
  v.notes = "Keeps name.\n\nA later revision drops it.";
  v.path = "migrations/versions/c0ffee123456_split_user_names.lua";
  v.down_revision = {"51fa08c6d2e9"};
  v.head = true;
  return v;
}

revision_view billing() {
  revision_view v;
  v.revision = "5ca1ab1e0001";
  v.down_revision = {"51fa08c6d2e9"};
  v.branch_labels = {"billing"};
  v.head = true;
  return v;
}

std::string printed(const report& what, const std::vector<std::string>& line = {}) {
  screen s(line);
  render_human(what, s.terminal());
  return s.out.str();
}

}  // namespace

TEST_CASE("render: current and heads print id and (head) and nothing else on either stream") {
  screen s;
  render_human({revisions_report{"heads", {split_names(), initial()}, false, ""}, {}},
               s.terminal());
  CHECK(s.out.str() == "c0ffee123456 (head)\n51fa08c6d2e9\n");
  CHECK(s.err.str().empty());
}

TEST_CASE("render: branch labels do not change the line that scripts compare") {
  const std::string heads = printed({revisions_report{"heads", {billing()}, false, ""}, {}});
  const std::string current = printed({revisions_report{"current", {billing()}, false, ""}, {}});
  CHECK(heads == "5ca1ab1e0001 (head)\n");
  CHECK(current == heads);
}

TEST_CASE("render: branches show the point and its children, arrows in a column") {
  CHECK(printed({branches_report{{{initial(), {split_names(), billing()}}}, false}, {}}) ==
        "51fa08c6d2e9 (branchpoint)\n"
        "             -> c0ffee123456 (head)\n"
        "             -> 5ca1ab1e0001 (billing) (head)\n");
}

TEST_CASE("render: history is parent, revision, marks and message") {
  CHECK(printed({history_report{{split_names(), initial()}}, {}}) ==
        "51fa08c6d2e9 -> c0ffee123456 (head), split user names\n"
        "<base> -> 51fa08c6d2e9 (branchpoint), initial\n");
}

TEST_CASE("render: history shows dependencies, merges and the current revision") {
  revision_view v = split_names();
  v.down_revision = {"a1", "b2"};
  v.depends_on = {"c3"};
  v.merge_point = true;
  v.current = true;
  CHECK(history_line(v) ==
        "a1, b2 (c3) -> c0ffee123456 (head) (current) (mergepoint), split user names");
}

TEST_CASE("render: show prints the block with the notes") {
  CHECK(printed({show_report{{split_names()}, {}}, {}}) ==
        "Rev: c0ffee123456 (head)\n"
        "Parent: 51fa08c6d2e9\n"
        "Path: migrations/versions/c0ffee123456_split_user_names.lua\n"
        "\n"
        "    split user names\n"
        "\n"
        "    Keeps name.\n"
        "\n"
        "    A later revision drops it.\n");
}

TEST_CASE("render: show --source prints the file as it is") {
  CHECK(printed({show_report{{split_names()}, "revision = 'x'\r\n"}, {}}) == "revision = 'x'\r\n");
}

TEST_CASE("render: a message cannot drive the terminal") {
  revision_view v = split_names();
  v.message = "red \x1b[31m";
  CHECK(printed({history_report{{v}}, {}}).find('\x1b') == std::string::npos);
}

TEST_CASE("render: plan lists the steps and the heads after it") {
  screen s;
  plan_report body;
  body.plan.steps.push_back({"a1", luamig::graph::direction::upgrade, {}, false, "target"});
  body.plan.rows_after = {"a1"};
  body.messages = {"first"};
  render_human({std::move(body), {}}, s.terminal());
  CHECK(s.out.str() == "↑ a1  first  (target)\n");
  CHECK(s.err.str() == "then at a1\n");
}

TEST_CASE("render: warnings go to stderr and are silent with -q") {
  screen loud;
  render_human({text_report{"x"}, {"careful"}}, loud.terminal());
  CHECK(loud.err.str() == "warning: careful\n");
  screen quiet({"-q"});
  render_human({text_report{"x"}, {"careful"}}, quiet.terminal());
  CHECK(quiet.err.str().empty());
}

TEST_CASE("render: status lines up its columns and counts the states on stderr") {
  status_report r{"sqlite:///app.db", {}};
  r.items.push_back({"a1", "first", "applied", "2026-03-01T10:20:30.123Z", "jo", 0.082, false});
  r.items.push_back({"b2", "second", "pending", "", "", {}, true});
  screen s;
  render_human({r, {}}, s.terminal());
  CHECK(s.out.str() ==
        "a1         applied   2026-03-01T10:20:30  jo                        82 ms     first\n"
        "b2 (head)  pending                                                            second\n");
  CHECK(s.err.str() == "sqlite:///app.db: 1 applied, 1 pending\n");
}

TEST_CASE("format: durations read as people say them") {
  CHECK(seconds(0.082) == "82 ms");
  CHECK(seconds(47.31) == "47.3 s");
  CHECK(seconds(200) == "3 min 20 s");
  CHECK(counted(1, "revision") == "1 revision");
  CHECK(counted(2, "revision") == "2 revisions");
}
