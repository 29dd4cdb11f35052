#include "script/script_directory.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;
using strings = std::vector<std::string>;

namespace {

const std::string functions = "\nfunction upgrade() end function downgrade() end\n";

/// A migrations directory with versions/ in it.
struct project {
  testing::temporary_directory directory;
  std::filesystem::path path = directory.path();

  project() { std::filesystem::create_directory(path / "versions"); }

  void add(const std::string& file, const std::string& head) const {
    file::create(path / file, head + functions);
  }
  script::script_directory load(strings locations = {"versions"}) const {
    std::vector<std::filesystem::path> absolute;
    for (const std::string& location : locations) absolute.push_back(path / location);
    return {path, absolute};
  }
  error failure() const {
    try {
      (void)load();
    } catch (const error& problem) {
      return problem;
    }
    FAIL("no error");
    return {errc::script, ""};
  }
};

bool names(const error& problem, std::string_view text) {
  return problem.message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("script directory: files are read in the order of their names, and make the graph") {
  const project p;
  p.add("versions/b.lua", "revision = 'first'");
  p.add("versions/a.lua", "--- Second\nrevision = 'second' down_revision = 'first'");
  const script::script_directory d = p.load();
  REQUIRE(d.size() == 2);
  CHECK(d.at(0).name == "versions/a.lua");
  CHECK(d.at(0).path == p.path / "versions/a.lua");
  CHECK(d.at(0).head.message == "Second");
  CHECK(d.graph().id(0) == "second");
  CHECK(d.name(0) == "versions/a.lua");
  CHECK(d.message(0) == "Second");
  CHECK(d.message(1).empty());
  CHECK(d.graph().down(0).front() == 1);
  CHECK(d.of("first").name == "versions/b.lua");
}

TEST_CASE("script directory: a whole header is read when it is asked for, and kept") {
  const project p;
  p.add("versions/a.lua", "--- One\n--\n-- Notes\nrevision = 'a'");
  p.add("versions/b.lua", "revision = 'b' down_revision = 'a' depends_on = 'l'");
  p.add("versions/c.lua", "revision = 'c' branch_labels = 'l'");
  const script::script_directory d = p.load();
  CHECK(d.at(0).head.notes == "Notes");
  CHECK(&d.at(0) == &d.of("a"));
  CHECK(d.at(1).head.depends_on == strings{"l"});
  file::replace(p.path / "versions/c.lua", "revision = 'other'" + functions);
  file::replace(p.path / "versions/b.lua", "revision = 'b' depends_on = 'l'" + functions);
  for (const graph::node n : {1U, 2U}) {
    try {
      (void)d.read(n);
      FAIL("no error");
    } catch (const error& problem) {
      CHECK(names(problem, "changed"));
      CHECK(problem.file == d.name(n));
    }
  }
}

TEST_CASE("script directory: a file larger than most is read whole") {
  const project p;
  p.add("versions/a.lua", "-- " + std::string(100'000, 'x') + "\nrevision = 'a'");
  p.add("versions/b.lua", "revision = 'b'");
  const script::script_directory d = p.load();
  CHECK(d.graph().id(0) == "a");
  CHECK(d.message(0).size() == 100'000);
  CHECK(d.graph().id(1) == "b");
}

TEST_CASE("script directory: an empty one has an empty graph, a missing one is explained") {
  const project p;
  CHECK(p.load().graph().size() == 0);
  try {
    (void)p.load({"nowhere"});
    FAIL("no error");
  } catch (const error& problem) {
    CHECK(problem.code == errc::config);
    CHECK(names(problem, "nowhere"));
    CHECK(problem.hint.find("luamig init") != std::string::npos);
  }
}

TEST_CASE("script directory: hidden files, backups, folders and other endings are left alone") {
  const project p;
  p.add("versions/a.lua", "revision = 'a'");
  for (const char* name : {".#a.lua", ".b.lua", "a.lua~", "#a.lua#", "a.lua.orig", ".a.sql"}) {
    file::create(p.path / "versions" / name, "not a migration");
  }
  std::filesystem::create_directory(p.path / "versions/c");
  std::filesystem::create_symlink("gone", p.path / "versions/.#z.lua");
  CHECK(p.load().size() == 1);
}

TEST_CASE(
    "script directory: a link to nothing, a FIFO and a folder named as migrations are refused") {
  const project p;
  p.add("versions/a.lua", "revision = 'a'");
  const std::filesystem::path odd = p.path / "versions/b.lua";
  const auto refused = [&] {
    try {
      (void)p.load();
    } catch (const error& e) {
      return exit_status(e.code) == 3 && names(e, "versions/b.lua");
    }
    return false;
  };
  std::filesystem::create_symlink("gone", odd);
  CHECK(refused());
  std::filesystem::remove(odd);
  CHECK(::mkfifo(odd.c_str(), 0600) == 0);
  CHECK(refused());
  std::filesystem::remove(odd);
  std::filesystem::create_directory(odd);
  CHECK(refused());
}

TEST_CASE("script directory: an SQL file is refused, for passed over it would look applied") {
  const project p;
  p.add("versions/a.lua", "revision = 'a'");
  file::create(p.path / "versions/b.sql", "-- revision: b");
  CHECK_THROWS_AS((void)p.load(), error);
}

TEST_CASE("script directory: several locations are sorted as one, and one is not read twice") {
  const project p;
  std::filesystem::create_directory(p.path / "more");
  p.add("versions/a.lua", "revision = 'a'");
  p.add("versions/c.lua", "revision = 'c'");
  p.add("more/b.lua", "revision = 'b'");
  const script::script_directory d = p.load({"versions", "more/", "./versions/"});
  strings names;
  for (graph::node n = 0; n < d.size(); ++n) names.emplace_back(d.name(n));
  CHECK(names == strings{"versions/a.lua", "more/b.lua", "versions/c.lua"});
  CHECK(d.locations().size() == 2);
  CHECK(d.path(1) == p.path / "more/b.lua");
}

TEST_CASE("script directory: a location elsewhere is named by its whole path") {
  const project p;
  const project elsewhere;
  elsewhere.add("versions/x.lua", "revision = 'x'");
  const script::script_directory d(p.path, {elsewhere.path / "versions"});
  CHECK(d.at(0).name == (elsewhere.path / "versions/x.lua").string());
  const script::script_directory same(elsewhere.path / "versions", {elsewhere.path / "versions"});
  CHECK(same.at(0).name == "x.lua");
}

TEST_CASE("script directory: a wrong file is named with its line") {
  const project p;
  p.add("versions/a.lua", "\nrevison = 'a'");
  const error problem = p.failure();
  CHECK(problem.code == errc::script);
  CHECK(problem.file == "versions/a.lua");
  CHECK(problem.line == 2);
}

TEST_CASE("script directory: an id given twice names both files") {
  const project p;
  p.add("versions/a.lua", "\nrevision = 'x'");
  p.add("versions/b.lua", "\n\nrevision = 'x'");
  const error problem = p.failure();
  CHECK(problem.code == errc::graph);
  CHECK(names(problem, "versions/a.lua"));
  CHECK(names(problem, "versions/b.lua"));
  CHECK(problem.line > 0);
}

TEST_CASE("script directory: a missing parent is named with the file and line that wants it") {
  const project p;
  p.add("versions/a.lua", "revision = 'x'\n\ndown_revision = 'gone'");
  const error problem = p.failure();
  CHECK(problem.kind == "unknown_revision");
  CHECK(names(problem, "'gone'"));
  CHECK(problem.file == "versions/a.lua");
  CHECK(problem.line == 3);
}

TEST_CASE("script directory: a missing dependency and a label given twice have their lines") {
  const project p;
  p.add("versions/a.lua", "revision = 'x'\ndepends_on = 'gone'");
  CHECK(p.failure().line == 2);
  const project q;
  q.add("versions/a.lua", "revision = 'x'\nbranch_labels = 'l'");
  q.add("versions/b.lua", "revision = 'y'\n\nbranch_labels = 'l'");
  const error problem = q.failure();
  CHECK(problem.kind == "duplicate_label");
  CHECK(names(problem, "versions/a.lua"));
  CHECK(names(problem, "versions/b.lua"));
  CHECK(problem.line == (problem.file == "versions/a.lua" ? 2 : 3));
}

TEST_CASE("script directory: a cycle names its revisions and their files") {
  const project p;
  p.add("versions/a.lua", "revision = 'x' down_revision = 'y'");
  p.add("versions/b.lua", "revision = 'y' down_revision = 'x'");
  const error problem = p.failure();
  CHECK(problem.code == errc::graph);
  CHECK(names(problem, "versions/a.lua"));
  CHECK(names(problem, "versions/b.lua"));
}
