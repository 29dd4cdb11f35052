#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;
using luamig::engine::session;
using luamig::engine::step_context;

/// Scripts that do nothing: these tests are about the command line.
class silent_host final : public luamig::engine::script_host {
 public:
  void load(const luamig::script::script&, luamig::graph::direction) override {}
  void run(const step_context&, session&) override {}
  void perform(const luamig::engine::step_context&, luamig::engine::session&,
               std::string_view) override {}
  std::string required_checksum(const luamig::script::script&) const override { return ""; }
  std::vector<std::string> consult(std::string_view, const std::vector<std::string>&,
                                   luamig::engine::session*) override {
    return {};
  }
  std::optional<std::string> url() override { return std::nullopt; }
  void before_step(const step_context&, session&) override {}
  void after_step(const step_context&, session&) override {}
  void on_error(const step_context&, const luamig::error&) override {}
  void interrupt(int) noexcept override {}
  std::string editor_stubs() override { return "---@meta\n"; }
};

/// A project in a directory of its own, which is the working directory while it lives.
class project_directory {
 public:
  project_directory() : before_(fs::current_path()) {
    fs::current_path(here_.path());
    REQUIRE(run({"init"}) == 0);
  }
  ~project_directory() { fs::current_path(before_); }
  project_directory(const project_directory&) = delete;
  project_directory& operator=(const project_directory&) = delete;

  int run(const std::vector<std::string>& line) {
    out = {};
    err = {};
    std::ostringstream data;
    std::ostringstream words;
    luamig::cli::services with;
    with.make_host = [](const auto&, auto&) { return std::make_unique<silent_host>(); };
    with.out = &data;
    with.err = &words;
    const int status = luamig::cli::run(line, with);
    out = data.str();
    err = words.str();
    return status;
  }

  /// Two revisions, a1000001 and b2000001.
  void add_revisions() {
    REQUIRE(run({"revision", "-m", "first", "--rev-id", "a1000001"}) == 0);
    REQUIRE(run({"revision", "-m", "second", "--rev-id", "b2000001"}) == 0);
  }

  std::string out;
  std::string err;

 private:
  fs::path before_;
  luamig::testing::temporary_directory here_;
};

}  // namespace

TEST_CASE("program: reading commands take a missing database for base and make none") {
  project_directory p;
  p.add_revisions();
  for (const char* command : {"current", "heads", "history", "status", "branches"}) {
    CHECK(p.run({command}) == 0);
  }
  CHECK(p.run({"plan", "upgrade"}) == 0);
  CHECK(p.run({"upgrade", "--sql"}) == 0);
  CHECK(p.run({"stamp", "head", "--sql"}) == 0);
  CHECK(p.run({"downgrade", "base"}) == 0);
  CHECK_FALSE(fs::exists("app.db"));
}

TEST_CASE("program: revision prints the path of its file and nothing else") {
  project_directory p;
  CHECK(p.run({"revision", "-m", "Add user table", "--rev-id", "a1000001"}) == 0);
  CHECK(p.out == "migrations/versions/a1000001_add_user_table.lua\n");
  CHECK(p.err.empty());
  CHECK(fs::exists("migrations/versions/a1000001_add_user_table.lua"));
}

TEST_CASE("program: at a head, current prints what heads prints, with both streams merged") {
  project_directory p;
  p.add_revisions();
  CHECK(p.run({"revision", "--rev-id", "c3000001", "--branch-label", "billing"}) == 0);
  CHECK(p.run({"upgrade"}) == 0);
  CHECK(p.run({"heads"}) == 0);
  const std::string heads = p.out + p.err;
  CHECK(p.run({"current"}) == 0);
  CHECK(heads == "c3000001 (head)\n");
  CHECK(p.out + p.err == heads);
}

TEST_CASE("program: -1 and +1 are targets, not options") {
  project_directory p;
  p.add_revisions();
  CHECK(p.run({"upgrade", "+1"}) == 0);
  CHECK(p.run({"current"}) == 0);
  CHECK(p.out == "a1000001\n");
  CHECK(p.run({"downgrade", "-1"}) == 0);
  CHECK(p.run({"current"}) == 0);
  CHECK(p.out.empty());
}

TEST_CASE("program: exit statuses tell the kinds of failure apart") {
  project_directory p;
  p.add_revisions();
  CHECK(p.run({"upgrad"}) == 2);
  CHECK(p.run({"check"}) == 6);
  CHECK(p.run({"upgrade", "abc12"}) == 3);
  CHECK(p.err.find("Can't locate revision identified by 'abc12'") != std::string::npos);
  CHECK(p.run({"init"}) == 3);
  CHECK(p.run({"current", "--check-heads"}) == 6);
  CHECK(p.run({"status", "--check"}) == 6);
  CHECK(p.run({"upgrade"}) == 0);
  CHECK(p.run({"status", "--check"}) == 0);
  CHECK(p.run({"reset"}) == 7);
  CHECK(p.run({"reset", "--yes"}) == 0);
}

TEST_CASE("program: a database that holds an unknown revision is 8, and stamp cures it") {
  project_directory p;
  p.add_revisions();
  CHECK(p.run({"upgrade"}) == 0);
  fs::remove("migrations/versions/b2000001_second.lua");
  CHECK(p.run({"current"}) == 8);
  CHECK(p.run({"upgrade"}) == 8);
  CHECK(p.run({"status"}) == 0);
  CHECK(p.out.find("missing") != std::string::npos);
  CHECK(p.run({"stamp", "a1000001"}) == 0);
  CHECK(p.err.find("b2000001") != std::string::npos);
  CHECK(p.run({"current"}) == 0);
  CHECK(p.out == "a1000001 (head)\n");
}

TEST_CASE("program: a protected environment asks before it loses data") {
  project_directory p;
  p.add_revisions();
  std::ofstream("luamig.toml", std::ios::app) << "\n[env.live]\nprotected = true\n";
  CHECK(p.run({"-n", "live", "upgrade"}) == 0);
  CHECK(p.run({"-n", "live", "downgrade"}) == 7);
  CHECK(p.run({"-n", "live", "redo"}) == 7);
  CHECK(p.run({"-n", "live", "reset", "--yes"}) == 7);
  CHECK(p.run({"-n", "live", "downgrade", "--yes"}) == 0);
  CHECK(p.run({"-n", "live", "downgrade", "base", "--yes"}) == 0);
  CHECK(p.run({"-n", "live", "downgrade", "base"}) == 0);
}

TEST_CASE("program: -n all runs every environment in the order of the file") {
  project_directory p;
  p.add_revisions();
  std::ofstream("luamig.toml", std::ios::app)
      << "\n[env.b]\nurl = \"sqlite:///b.db\"\n[env.a]\nurl = \"sqlite:///a.db\"\n";
  CHECK(p.run({"-n", "all", "upgrade"}) == 0);
  CHECK(p.run({"-n", "all", "current"}) == 0);
  CHECK(p.out == "[b]\nb2000001 (head)\n[a]\nb2000001 (head)\n");
  CHECK(p.run({"-n", "all", "heads"}) == 2);
}

TEST_CASE("program: with --json an error is an object on stdout") {
  project_directory p;
  CHECK(p.run({"--json", "show", "nope"}) == 3);
  CHECK(p.out.starts_with("{\"event\":\"error\",\"code\":\"graph\",\"exit\":3,"));
  CHECK(p.err.empty());
}
