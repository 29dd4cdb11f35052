#include "cli/render_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/progress.hpp"

using namespace luamig::cli;
using luamig::errc;
using luamig::error;
using nlohmann::json;

namespace {

json rendered(const report& what, std::string_view env = "") {
  std::ostringstream out;
  render_json(what, env, out);
  CHECK(out.str().find('\n') == out.str().size() - 1);
  return json::parse(out.str());
}

}  // namespace

TEST_CASE("json: heads are one object with items on one line") {
  revision_view v;
  v.revision = "a1";
  v.message = "two\nlines";
  v.head = true;
  const json object = rendered({revisions_report{"heads", {v}, false, ""}, {}});
  CHECK(object["event"] == "heads");
  CHECK(object["items"][0]["revision"] == "a1");
  CHECK(object["items"][0]["head"] == true);
}

TEST_CASE("json: the end of a run tells exit, applied, failed, pending and heads") {
  run_report r;
  r.run.applied = {"a1"};
  r.run.failed = "b2";
  r.run.pending = {"b2", "c3"};
  r.run.heads = {"a1"};
  const json object = rendered({r, {}, 1});
  CHECK(object["event"] == "end");
  CHECK(object["exit"] == 1);
  CHECK(object["applied"] == json{"a1"});
  CHECK(object["failed"] == "b2");
  CHECK(object["pending"] == json{"b2", "c3"});
  CHECK(object["heads"] == json{"a1"});
}

TEST_CASE("json: a plan has steps and heads") {
  plan_report body;
  body.plan.steps.push_back({"a1", luamig::graph::direction::upgrade, {}, false, "target"});
  body.plan.rows_after = {"a1"};
  body.messages = {"m"};
  const json object = rendered({std::move(body), {}});
  CHECK(object["steps"][0]["direction"] == "upgrade");
  CHECK(object["steps"][0]["why"] == "target");
  CHECK(object["heads"] == json{"a1"});
}

TEST_CASE("json: an error is an object, empty fields are null, the signal decides the exit") {
  error e(errc::interrupted, "interrupted");
  e.signal = 15;
  e.line = 0;
  std::ostringstream out;
  render_json(e, "", out);
  const json object = json::parse(out.str());
  CHECK(object["event"] == "error");
  CHECK(object["code"] == "interrupted");
  CHECK(object["exit"] == 143);
  CHECK(object["sql"].is_null());
  CHECK(object["line"].is_null());
}

TEST_CASE("json: bytes that are no UTF-8 do not end the stream") {
  error e(errc::migration, "bad \xff byte");
  std::ostringstream out;
  render_json(e, "", out);
  CHECK(json::parse(out.str())["message"] == "bad \xEF\xBF\xBD byte");
}

TEST_CASE("json: with several environments every object names its own") {
  CHECK(rendered({done_report{"wait", "there"}, {}}, "staging")["env"] == "staging");
  CHECK_FALSE(rendered({done_report{"wait", "there"}, {}}).contains("env"));
}

TEST_CASE("json: progress is one event a line, statements only with -vv") {
  std::ostringstream out;
  const auto watching = json_progress(out, "", loudness::normal);
  luamig::graph::plan plan;
  plan.steps.resize(1);
  plan.steps[0].revision = "a1";
  luamig::engine::observer::step_info step;
  step.revision = "a1";
  luamig::engine::statement statement;
  statement.sql = "SELECT 1";
  watching->run_started({"sqlite:///x", luamig::graph::direction::upgrade, "head", &plan});
  watching->step_started(step);
  watching->statement_ran(statement, 0.1);
  watching->step_finished({step, 0.5, 3, 7});
  std::istringstream lines(out.str());
  std::vector<json> events;
  for (std::string line; std::getline(lines, line);) {
    events.push_back(json::parse(line));
  }
  REQUIRE(events.size() == 3);
  CHECK(events[0]["event"] == "start");
  CHECK(events[0]["database_revision"] == json::array());
  CHECK(events[0]["steps"][0]["revision"] == "a1");
  CHECK(events[1]["event"] == "step_started");
  CHECK(events[2]["statements"] == 3);
  CHECK(events[2]["rows"] == 7);
}

TEST_CASE("json: a megabyte of message and statement is cut to 64 KB each") {
  error e(errc::migration, std::string(1024 * 1024, 'm'));
  e.sql = e.message;
  std::ostringstream out;
  render_json(e, "", out);
  const json object = json::parse(out.str());
  CHECK(object["message"].get<std::string>().size() == 64 * 1024);
  CHECK(object["sql"].get<std::string>().size() == 64 * 1024);
}
