#include "base/file.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include "base/error.hpp"

using namespace luamig;

namespace {

struct temporary {
  std::filesystem::path path;
  temporary() {
    std::string name = (std::filesystem::temp_directory_path() / "luamig-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~temporary() { std::filesystem::remove_all(path); }
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

TEST_CASE("file: a listing is sorted and holds regular files with the ending only") {
  const temporary dir;
  for (const char* name : {"b.lua", "a.lua", "c.txt"}) file::create(dir.path / name, "");
  std::filesystem::create_directory(dir.path / "d.lua");
  std::filesystem::create_symlink("a.lua", dir.path / "e.lua");
  CHECK(file::list(dir.path, ".lua") == std::vector<std::string>{"a.lua", "b.lua", "e.lua"});
}
