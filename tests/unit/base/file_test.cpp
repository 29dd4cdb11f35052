#include "base/file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "base/error.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;

namespace {

struct temporary {
  testing::temporary_directory directory;
  std::filesystem::path path = directory.path();
};

}  // namespace

TEST_CASE("file: what was created is read back, and is not created twice") {
  const temporary dir;
  file::create(dir.path / "a.lua", std::string("x\0y", 3));
  CHECK(file::read(dir.path / "a.lua") == std::string("x\0y", 3));
  CHECK_THROWS_AS(file::create(dir.path / "a.lua", ""), error);
  file::replace(dir.path / "a.lua", "new");
  CHECK(file::read(dir.path / "a.lua") == "new");
}

TEST_CASE("file: a missing file is named with the reason") {
  CHECK_THROWS_WITH_AS((void)file::read("/nowhere/x.lua"),
                       "cannot read '/nowhere/x.lua': No such file or directory", error);
  CHECK_THROWS_AS((void)file::read("/"), error);
  CHECK_FALSE(file::read("/proc/self/status").empty());
}

TEST_CASE("file: a listing is sorted, and tells files from what only has their name") {
  const temporary dir;
  for (const char* name : {"b.lua", "a.lua", "c.txt"}) file::create(dir.path / name, "");
  std::filesystem::create_directory(dir.path / "d.lua");
  std::filesystem::create_symlink("a.lua", dir.path / "e.lua");
  std::filesystem::create_symlink("gone", dir.path / "f.lua");
  std::string seen;
  for (const auto& [name, regular, directory] : file::list(dir.path, ".lua")) {
    seen += name + (regular ? " " : directory ? "/ " : "! ");
  }
  CHECK(seen == "a.lua b.lua d.lua/ e.lua f.lua! ");
}

TEST_CASE("file: what is no file is said to be none, and a FIFO is not waited for") {
  const temporary dir;
  std::filesystem::create_symlink("gone", dir.path / "link");
  CHECK(::mkfifo((dir.path / "fifo").c_str(), 0600) == 0);
  const auto why = [&](const std::filesystem::path& path) {
    try {
      (void)file::read(path);
    } catch (const error& e) {
      return e.message.substr(e.message.rfind("': ") + 3);
    }
    return std::string();
  };
  CHECK(why(dir.path / "link") == "it is a link to a file that is not there");
  CHECK(why(dir.path / "fifo") == "it is a FIFO, not a file");
  CHECK(why("/dev/null") == "it is a device or socket, not a file");
  CHECK(why(dir.path) == "Is a directory");
  for (const char* name : {"link", "fifo", "."}) CHECK(file::exists(dir.path / name));
  CHECK_FALSE(file::exists(dir.path / "nothing"));
}

TEST_CASE("file: one that is too large is not read into memory") {
  const temporary dir;
  file::create(dir.path / "sparse", "");
  std::filesystem::resize_file(dir.path / "sparse", file::largest + 1);
  CHECK_THROWS_WITH_AS(
      (void)file::read(dir.path / "sparse"),
      ("cannot read '" + (dir.path / "sparse").string() + "': it is larger than 256 MB").c_str(),
      error);
}

TEST_CASE("file: beneath a directory no link is followed") {
  const temporary dir;
  std::filesystem::create_directory(dir.path / "lib");
  file::create(dir.path / "lib" / "a.lua", "a");
  std::filesystem::create_symlink("a.lua", dir.path / "lib" / "b.lua");
  std::filesystem::create_symlink("lib", dir.path / "more");
  const auto beneath = [&](std::vector<std::string> parts) {
    return file::read_beneath(dir.path, parts);
  };
  CHECK(beneath({"lib", "a.lua"}) == "a");
  CHECK_FALSE(beneath({"lib", "b.lua"}));
  CHECK_FALSE(beneath({"more", "a.lua"}));
  CHECK_FALSE(beneath({"lib", "c.lua"}));
}
