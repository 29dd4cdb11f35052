#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {
const std::string functions = "\nfunction upgrade() end\nfunction downgrade() end\n";
}

TEST_CASE("loading: what the file sets is what its text says") {
  workshop w;
  CHECK_NOTHROW(
      w.load("revision = \"x1\"\ndown_revision = { \"a\", \"b\" }\nbranch_labels = \"l\"\n"
             "depends_on = nil\ntransactional = false" +
             functions));
  const error e = w.load_failure("revision = \"x1\"\ndown_revision = \"a\"" + functions +
                                 "_G[\"down_\" .. \"revision\"] = \"b\"");
  CHECK(e.code == errc::script);
  CHECK(e.message == "'down_revision' is another when the file is run than when its text is read");
  CHECK(e.file == "versions/x.lua");
  CHECK(e.line == 2);
  CHECK(w.load_failure("revision = \"x1\"" + functions + "_G.transactional = false")
            .message.find("'transactional'") == 0);
}

TEST_CASE("loading: a syntax error has file and line") {
  workshop w;
  const error e = w.load_failure("revision = \"x1\"" + functions + "local x = = 5");
  CHECK(e.code == errc::script);
  CHECK(e.file == "versions/x.lua");
  CHECK(e.line == 4);
  CHECK(e.message == "unexpected symbol near '='");
}

TEST_CASE("loading: an error at the top level has file and line") {
  workshop w;
  const error e = w.load_failure("revision = \"x1\"" + functions + "error(\"stop\")");
  CHECK(e.code == errc::script);
  CHECK(e.line == 4);
  CHECK(e.message == "stop");
}

TEST_CASE("loading: upgrade and downgrade are functions when they are asked for") {
  workshop w;
  const error e = w.load_failure("revision = \"x1\"" + functions + "upgrade = nil _G.upgrade = 5");
  CHECK(e.code == errc::script);
}

TEST_CASE("loading: a function of the file that is none is named with its line") {
  workshop w;
  const error e = w.load_failure("revision = \"x1\"\nverify = 5" + functions);
  CHECK(e.code == errc::script);
  CHECK(e.message == "'verify' is a number, not a function");
  CHECK(e.line == 2);
  const error late = w.load_failure(
      "return {\n  revision = \"x1\",\n  upgrade = function() end,\n"
      "  downgrade = function() end,\n  verify = 5,\n}\n");
  CHECK(late.message == "'verify' is a number, not a function");
}

TEST_CASE("loading: a literal table at the end is a migration too") {
  workshop w;
  w.run(
      w.load("return {\n  revision = \"x1\",\n  upgrade = function(op, db) print(db.dialect, op ~= "
             "nil) end,\n"
             "  downgrade = function(op, db) end,\n}\n"));
  CHECK(w.output.lines.back() == "sqlite\ttrue");
}

TEST_CASE("running: verify follows upgrade, and its error is its own") {
  workshop w;
  const auto& s = w.load(
      "revision = \"x1\"\nfunction upgrade() print(\"up\") end\n"
      "function downgrade() print(\"down\") end\nfunction verify() error(\"bad\") end");
  try {
    w.run(s);
    FAIL("no error");
  } catch (const error& e) {
    CHECK(e.function == "verify");
    CHECK(e.line == 4);
  }
  CHECK(w.output.lines.back() == "up");
  w.run(s, graph::direction::downgrade);
  CHECK(w.output.lines.back() == "down");
}

TEST_CASE("running: a second run begins with fresh variables") {
  workshop w;
  const auto& s = w.load(
      "revision = \"x1\"\nlocal n = 0\nfunction upgrade() n = n + 1 print(n) end\n"
      "function downgrade() end");
  w.run(s);
  w.run(s);
  CHECK(w.output.lines == std::vector<std::string>{"1", "1"});
}

TEST_CASE("env.lua: no file and no hooks cost nothing") {
  workshop w;
  CHECK(w.host->url() == std::nullopt);
  w.add("env.lua", "local unused = { compare_type = true }");
  w.restart({});
  CHECK(w.host->url() == std::nullopt);
}

TEST_CASE("env.lua: url reads the environment, which migrations may not") {
  workshop w;
  w.add("env.lua",
        "local models = require('models')\n"
        "function url() return os.getenv('LUAMIG_TEST_URL') end");
  w.add("models.lua", "return { 1, 2 }");
  ::setenv("LUAMIG_TEST_URL", "sqlite:///a.db", 1);
  CHECK(w.host->url() == "sqlite:///a.db");
  ::unsetenv("LUAMIG_TEST_URL");
  CHECK(w.host->url() == std::nullopt);
}

TEST_CASE("env.lua: a failing hook names itself") {
  workshop w;
  w.add("env.lua", "function url()\n  error('no url here')\nend");
  try {
    (void)w.host->url();
    FAIL("no error");
  } catch (const error& e) {
    CHECK(e.message == "the hook url() failed: no url here");
    CHECK(e.file == "env.lua");
    CHECK(e.line == 2);
    CHECK(e.code == errc::config);
  }
}

TEST_CASE("env.lua: a hook that is no function, and a broken file, are errors of the file") {
  workshop w;
  w.add("env.lua", "url = 'sqlite:///a.db'");
  CHECK_THROWS_WITH_AS((void)w.host->url(), "'url' of env.lua is a string, not a function", error);
  std::filesystem::remove(w.root / "env.lua");
  w.add("env.lua", "x = = 1");
  w.restart({});
  CHECK_THROWS_WITH_AS((void)w.host->url(), "unexpected symbol near '='", error);
}

TEST_CASE("env.lua: what luamig reads has its kind, and is refused in its line") {
  workshop w;
  const auto refusal = [&](const std::string& text) {
    std::filesystem::remove(w.root / "env.lua");
    w.add("env.lua", "local x = 1\n" + text);
    w.restart({});
    try {
      (void)w.host->url();
    } catch (const error& e) {
      CHECK(e.file == "env.lua");
      CHECK(e.line == 2);
      return e.message;
    }
    return std::string("no error");
  };
  CHECK(refusal("configure = 1") == "'configure' of env.lua is a number, not a table");
  CHECK(refusal("include_object = 1") == "'include_object' of env.lua is a number, not a function");
  CHECK(refusal("target_metadata = {}") == "no error");
  CHECK(refusal("before_step = {}") == "'before_step' of env.lua is a table, not a function");
}

TEST_CASE("env.lua: hooks see the step and the database") {
  workshop w;
  w.add("env.lua",
        "function before_step(step) db:execute('CREATE TABLE b (n)') print(step.revision, "
        "step.direction, step.tag, step.dialect) end\n"
        "function after_step(step) print(step.outcome, step.seconds) end");
  engine::live_sink sink(*w.database, w.output);
  engine::session session(sink);
  engine::step_context step;
  const auto& s = w.load("revision = \"x1\"" + functions);
  step.script = &s;
  step.tag = "blue";
  w.host->before_step(step, session);
  CHECK(w.output.lines.back() == "x1\tupgrade\tblue\tsqlite");
  step.outcome = "applied";
  step.seconds = 1.5;
  w.host->after_step(step, session);
  CHECK(w.output.lines.back() == "applied\t1.5");
}
