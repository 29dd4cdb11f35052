#include "script/repeatable.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "script/requirements.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;

namespace {

struct project {
  testing::temporary_directory directory;
  std::filesystem::path root = directory.path();
  project() {
    std::filesystem::create_directories(root / "lib" / "deep");
    std::filesystem::create_directories(root / "repeatable");
  }
  void put(const std::string& name, const std::string& text) const {
    std::filesystem::remove(root / name);
    file::create(root / name, text);
  }
  [[nodiscard]] std::string names(const std::string& source) const {
    std::string all;
    for (const auto& [name, sum] : script::required_by(root, source)) all += name + " ";
    return all;
  }
};

}  // namespace

TEST_CASE("repeatable: files come in the order of their names, each with its message") {
  const project p;
  CHECK(script::read_repeatables(p.root / "lib").empty());
  p.put("repeatable/b.sql", "-- second\nSELECT 1;\n");
  p.put("repeatable/a.lua", "--- first\nfunction upgrade() end\n");
  p.put("repeatable/.hidden.lua", "x");
  p.put("repeatable/notes.txt", "x");
  const auto all = script::read_repeatables(p.root);
  REQUIRE(all.size() == 2);
  CHECK(all[0].file.name == "repeatable/a.lua");
  CHECK(all[0].file.is_repeatable());
  CHECK(all[0].file.head.message == "first");
  CHECK(all[1].file.name == "repeatable/b.sql");
  CHECK(all[1].file.head.message == "second");
  CHECK(all[0].checksum != all[1].checksum);
  CHECK(all[0].required.empty());
}

TEST_CASE("repeatable: what is required is found without running anything") {
  const project p;
  p.put("lib/a.lua", "return require 'deep.b'");
  p.put("lib/deep/b.lua", "local a = require('a') return {}");
  p.put("lib/c.lua", "return {}");
  CHECK(p.names("local x = require(\"a\")").find("lib/a.lua lib/deep/b.lua ") == 0);
  CHECK(p.names("require('luamig.sa') -- require('c')").empty());
  CHECK(p.names("require 'missing'").empty());
  CHECK(p.names("local n = 'c' require(n)") == "lib/a.lua lib/c.lua lib/deep/b.lua ");
}

TEST_CASE("repeatable: a library that moves moves the file's checksum of what it requires") {
  const project p;
  p.put("lib/a.lua", "return 1");
  p.put("repeatable/x.lua", "local a = require('a')\nfunction upgrade() end");
  const std::string before = script::read_repeatables(p.root)[0].required;
  CHECK_FALSE(before.empty());
  CHECK(script::read_repeatables(p.root)[0].required == before);
  p.put("lib/a.lua", "return 2");
  CHECK(script::read_repeatables(p.root)[0].required != before);
}
