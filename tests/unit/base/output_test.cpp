#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;

namespace {

std::size_t entries(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

std::string kind_of(const std::filesystem::path& root, const std::vector<std::string>& parts,
                    bool replaces = false) {
  try {
    const file::output out = file::create_beneath(root, parts, replaces);
  } catch (const error& e) {
    return e.kind.empty() ? e.message : e.kind;
  }
  return "made";
}

}  // namespace

TEST_CASE("output: a file has its name when it is published, and not before") {
  const testing::temporary_directory root;
  const std::vector<std::string> parts{"a.csv"};
  file::output out = file::create_beneath(root.path(), parts, false);
  out.write("one\n");
  out.close();
  CHECK_FALSE(file::exists(root.path() / "a.csv"));
  CHECK(out.publish() == "");
  CHECK(file::read(root.path() / "a.csv") == "one\n");
  CHECK(entries(root.path()) == 1);
}

TEST_CASE("output: one that is given up leaves nothing") {
  const testing::temporary_directory root;
  const std::vector<std::string> parts{"a.csv"};
  {
    file::output out = file::create_beneath(root.path(), parts, false);
    out.write("one\n");
    file::output other = std::move(out);
    other.close();
  }
  CHECK(entries(root.path()) == 0);
}

TEST_CASE("output: what is there stays, unless it is to be replaced") {
  const testing::temporary_directory root;
  const std::vector<std::string> parts{"a.csv"};
  file::create(root.path() / "a.csv", "old");
  CHECK(kind_of(root.path(), parts) == "exists");
  file::output out = file::create_beneath(root.path(), parts, true);
  out.write("new");
  out.close();
  CHECK(file::read(root.path() / "a.csv") == "old");
  CHECK(out.publish() == "");
  CHECK(file::read(root.path() / "a.csv") == "new");
}

TEST_CASE("output: a file that appears meanwhile is not written over, and nothing is lost") {
  const testing::temporary_directory root;
  const std::vector<std::string> parts{"a.csv"};
  {
    file::output out = file::create_beneath(root.path(), parts, false);
    out.write("ours");
    out.close();
    file::create(root.path() / "a.csv", "theirs");
    CHECK(out.publish().find("File exists; what was written is in '.a.csv.luamig-") !=
          std::string::npos);
  }
  CHECK(file::read(root.path() / "a.csv") == "theirs");
  CHECK(entries(root.path()) == 2);
}

TEST_CASE("output: no directory is made, and no link followed") {
  const testing::temporary_directory root;
  const testing::temporary_directory other;
  std::filesystem::create_directory_symlink(other.path(), root.path() / "link");
  std::filesystem::create_symlink(other.path() / "target", root.path() / "a.csv");
  std::filesystem::create_directory(root.path() / "directory");
  CHECK(kind_of(root.path(), {"missing", "a.csv"}) == "missing");
  CHECK(kind_of(root.path(), {"link", "a.csv"}) == "missing");
  CHECK(kind_of(root.path(), {"a.csv"}, true) == "exists");
  CHECK(kind_of(root.path(), {"directory"}, true) == "exists");
  CHECK(entries(other.path()) == 0);
}

TEST_CASE("output: a disk that is full is an error that names the file") {
  const testing::temporary_directory root;
  const std::vector<std::string> parts{"a.csv"};
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{4096, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  std::string message;
  try {
    file::output out = file::create_beneath(root.path(), parts, false);
    out.write(std::string(10'000, 'x'));
    out.close();
  } catch (const error& e) {
    message = e.message;
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(message == "cannot write '" + (root.path() / "a.csv").string() + "': File too large");
  CHECK(entries(root.path()) == 0);
}
