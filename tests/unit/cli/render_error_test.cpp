#include "cli/render_error.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "base/text.hpp"
#include "support/temporary_directory.hpp"
#include "unit/cli/screen.hpp"

using namespace luamig::cli;
using luamig::errc;
using luamig::error;

namespace {

/// A directory of its own with one migration file, gone at the end of the test.
class migrations {
 public:
  migrations() {
    std::filesystem::create_directory(path_ / "versions");
    std::ofstream(path_ / "versions/a1_x.lua") << "one\ntwo\n  op.drop(\"\x1b[2J\")\n";
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  luamig::testing::temporary_directory directory_;
  std::filesystem::path path_ = directory_.path();
};

error failed_step() {
  error e(errc::migration, "column \"x\" contains null values");
  e.revision = "a1";
  e.revision_message = "split user names";
  e.function = "upgrade";
  e.file = "versions/a1_x.lua";
  e.line = 3;
  e.sql = "ALTER TABLE users\n  ALTER COLUMN x\n\n  SET NOT NULL,\n  ADD y int";
  e.sqlstate = "23502";
  e.state_after = "database unchanged, still at 77b0c1d2e3f4";
  e.hint = "luamig upgrade +1";
  return e;
}

}  // namespace

TEST_CASE("error: a failed step says what, where, the statement, why, the state and the cure") {
  const migrations here;
  const std::string text = luamig::text::join(error_lines(failed_step(), here.path()), "\n");
  CHECK(text ==
        "error: revision a1 \"split user names\" failed and was rolled back\n"
        "  --> versions/a1_x.lua:3 in upgrade()\n"
        "  |\n"
        "3 |   op.drop(\"\\x1b[2J\")\n"
        "  |\n"
        "  sql     ALTER TABLE users\n"
        "            ALTER COLUMN x\n"
        "            SET NOT NULL, …\n"
        "  error   23502 column \"x\" contains null values\n"
        "  state   database unchanged, still at 77b0c1d2e3f4\n"
        "  next    luamig upgrade +1");
}

TEST_CASE("error: no error is longer than fifteen lines") {
  const migrations here;
  error e = failed_step();
  for (std::string* field : {&e.message, &e.sql, &e.state_after, &e.hint}) {
    *field = "a\nb\nc\nd\ne\nf\ng";
  }
  CHECK(error_lines(e, here.path()).size() == 15);
  e.revision.clear();
  CHECK(error_lines(e, here.path()).size() == 15);
}

TEST_CASE("error: a missing file costs the excerpt only") {
  const auto lines = error_lines(failed_step(), "/nowhere");
  CHECK(lines[1] == "  --> versions/a1_x.lua:3 in upgrade()");
  CHECK(lines[2].starts_with("  sql"));
}

TEST_CASE("error: a plain error is its message and its cure") {
  const error e(errc::graph, "Can't locate revision identified by 'x'", "luamig history");
  CHECK(error_lines(e, {}) ==
        std::vector<std::string>{"error: Can't locate revision identified by 'x'",
                                 "  next    luamig history"});
}

TEST_CASE("error: an interrupted step is not called failed") {
  error e = failed_step();
  e.code = errc::interrupted;
  CHECK(error_lines(e, {}).front() ==
        "error: revision a1 \"split user names\" was interrupted and rolled back");
}

TEST_CASE("error: a lost commit is not called rolled back") {
  error e = failed_step();
  e.code = errc::in_doubt;
  e.message = "the reply to COMMIT was lost";
  CHECK(error_lines(e, {}).front() == "error: the reply to COMMIT was lost");
}

TEST_CASE("error: control bytes of a message are escaped, and colour is our own") {
  const error e(errc::config, "bad \x1b[31m value");
  CHECK(error_lines(e, {}).front() == "error: bad \\x1b[31m value");
  screen s({"--color", "always"});
  render_human(e, {}, s.terminal());
  CHECK(s.err.str().starts_with("\x1b[1;31merror:\x1b[0m bad \\x1b[31m value"));
}

TEST_CASE("error: a line break in a file's name does not break the line") {
  error e(errc::script, "bad");
  e.file = "versions/a\nb.lua";
  CHECK(error_lines(e, {})[1] == "  --> versions/a\\x0ab.lua");
}

TEST_CASE("error: a megabyte of message, statement and hint is a few short lines") {
  error e = failed_step();
  e.message = e.sql = e.hint = std::string(1024 * 1024, 'm');
  e.file.clear();
  std::size_t bytes = 0;
  for (const std::string& line : error_lines(e, {})) bytes += line.size();
  CHECK(bytes < 2000);
}
