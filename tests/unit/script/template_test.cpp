#include "script/template.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "script/header.hpp"

using namespace luamig;
using strings = std::vector<std::string>;

namespace {

constexpr std::time_t noon = 1785585600;  // 2026-08-01 12:00:00 UTC

script::new_script values() {
  return {.revision = "c0ffee123456",
          .down_revision = {"77b0c1d2e3f4"},
          .depends_on = {},
          .branch_labels = {},
          .message = "Split users.name",
          .upgrades = "",
          .downgrades = "",
          .created = noon};
}

std::string fill(std::string_view text, const script::new_script& with = values()) {
  return script::render(text, with, "script.lua.tmpl");
}

std::string name(std::string_view file_template, std::string message) {
  script::new_script with = values();
  with.message = std::move(message);
  return script::file_name(file_template, with);
}
std::string slug(std::string message) { return name("{slug}", "x " + std::move(message)); }

std::string_view built_in(std::string_view kind, std::string_view file) {
  for (const auto& t : script::project_templates()) {
    if (t.name != kind) continue;
    for (const auto& f : t.files) {
      if (f.name == file) return f.content;
    }
  }
  FAIL("no such template");
  return "";
}

}  // namespace

TEST_CASE("template: the built-in one gives the documented shape") {
  CHECK(fill(built_in("generic", "script.lua.tmpl")) == R"(--- Split users.name
--
-- Revision: c0ffee123456
-- Revises: 77b0c1d2e3f4
-- Created: 2026-08-01 12:00:00 UTC

revision      = "c0ffee123456"
down_revision = "77b0c1d2e3f4"
branch_labels = nil
depends_on    = nil

function upgrade()
end

function downgrade()
end
)");
}

TEST_CASE("template: what every built-in one writes is read back as it was asked for") {
  script::new_script with = values();
  with.down_revision = {"a", "b"};
  with.depends_on = {"c"};
  with.branch_labels = {"x", "y"};
  with.message = "First line\nsecond ]] line\rthird";
  with.upgrades = "op.execute(\"a\")\nop.execute([[\nb\n  c]])\n";
  with.downgrades = "op.drop_table(\"t\")";
  for (const auto& t : script::project_templates()) {
    const std::string text = fill(built_in(t.name, "script.lua.tmpl"), with);
    const script::header head = script::scan_lua(text, "a.lua");
    CHECK(head.revision == with.revision);
    CHECK(head.down_revision == with.down_revision);
    CHECK(head.depends_on == with.depends_on);
    CHECK(head.branch_labels == with.branch_labels);
    CHECK(head.message == "First line");
    CHECK(head.notes.starts_with("second ]] line third\n"));
    CHECK(head.notes.find("Revises: a, b") != std::string::npos);
    CHECK(text.find("\n  op.execute(\"a\")\n  op.execute([[\nb\n  c]])\nend\n") !=
          std::string::npos);
    CHECK(text.find("\n  op.drop_table(\"t\")\nend\n") != std::string::npos);
  }
}

TEST_CASE("template: slots become Lua literals in code and stand bare in a comment") {
  script::new_script with = values();
  with.down_revision = {};
  with.branch_labels = {"say \"x\"\n\\\t1"};
  with.depends_on = {"a", "b"};
  CHECK(fill("x = ${down_revision}", with) == "x = nil");
  CHECK(fill("-- ${down_revision}", with) == "-- <base>");
  CHECK(fill("x = ${branch_labels}", with) == "x = \"say \\\"x\\\"\\n\\\\\\0091\"");
  CHECK(fill("x = ${depends_on}", with) == "x = {\"a\", \"b\"}");
  CHECK(fill("-- ${depends_on} ${up_revision}", with) == "-- a, b c0ffee123456");
}

TEST_CASE("template: no message is said to be none") {
  script::new_script with = values();
  with.message = " ";
  CHECK(fill("--- ${message}", with) == "--- empty message");
}

TEST_CASE("template: $${ is a plain ${, and other dollars are themselves") {
  CHECK(fill("$${message} $x $$ ${up_revision}$") == "${message} $x $$ \"c0ffee123456\"$");
}

TEST_CASE("template: an unknown slot is refused with its line and the slot that was meant") {
  try {
    (void)fill("a\nb ${down_revison}\n");
    FAIL("no error");
  } catch (const error& problem) {
    CHECK(problem.code == errc::config);
    CHECK(problem.message == "unknown slot '${down_revison}' (did you mean 'down_revision'?)");
    CHECK(problem.file == "script.lua.tmpl");
    CHECK(problem.line == 2);
  }
  CHECK_THROWS_WITH_AS((void)fill("${message"), "the slot '${' has no '}'", error);
}

TEST_CASE("template: a body slot inside a line is put in as it is") {
  script::new_script with = values();
  with.upgrades = "f()";
  CHECK(fill("function upgrade() ${upgrades} end\n", with) == "function upgrade() f() end\n");
}

TEST_CASE("file name: revision and slug by default, and no slug without a message") {
  CHECK(name("{rev}_{slug}", "Split users.name!") == "c0ffee123456_split_users_name.lua");
  CHECK(name("{rev}_{slug}", "") == "c0ffee123456.lua");
  CHECK(name("{slug}_{rev}", "…") == "c0ffee123456.lua");
  CHECK(name("{year}{month}{day}_{hour}{minute}{second}_{epoch}_{rev}", "x") ==
        "20260801_120000_1785585600_c0ffee123456.lua");
}

TEST_CASE("file name: the slug has at most 40 characters and ends with a word") {
  CHECK(slug("aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eee") ==
        "x_aaaaaaaaa_bbbbbbbbb_ccccccccc.lua");
  CHECK(name("{slug}", std::string(60, 'a')) == std::string(40, 'a') + ".lua");
  CHECK(slug("aaaaaaaaa bbbbbbbbb ccccccccc dddddddd") ==
        "x_aaaaaaaaa_bbbbbbbbb_ccccccccc_dddddddd.lua");
}

TEST_CASE("file name: accents are removed, other letters left out, signs part words") {
  CHECK(slug("Größe für café") == "x_grosse_fur_cafe.lua");
  CHECK(slug("日本 users") == "x_users.lua");
  CHECK(slug("don't  drop--it/../ever") == "x_dont_drop_it_ever.lua");
}

TEST_CASE("file name: a template that cannot be a file name is refused") {
  CHECK_THROWS_WITH_AS((void)name("{rev}_{slgu}", "x"),
                       "file_template '{rev}_{slgu}' has the unknown word '{slgu}' (did you mean "
                       "'slug'?)",
                       error);
  CHECK_THROWS_WITH_AS((void)name("{rev", "x"), "file_template '{rev' has a '{' without '}'",
                       error);
  CHECK_THROWS_WITH_AS((void)name("a/{rev}", "x"), "file_template 'a/{rev}' must not hold a '/'",
                       error);
  CHECK_THROWS_AS((void)name(".{rev}", "x"), error);
}

TEST_CASE("template: new ids are twelve hex digits and differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = script::new_revision_id();
    CHECK(id.size() == 12);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    seen.insert(id);
  }
  CHECK(seen.size() == 1000);
}

TEST_CASE("template: generic and multidb are compiled in with all their files") {
  const auto& all = script::project_templates();
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "generic");
  for (const auto& t : all) {
    strings names;
    for (const auto& f : t.files) {
      names.emplace_back(f.name);
      CHECK_FALSE(f.content.empty());
      CHECK(f.content.ends_with('\n'));
    }
    CHECK(names == strings{"luamig.toml", "env.lua", "script.lua.tmpl", "README.md", "luacheckrc"});
  }
  CHECK(built_in("multidb", "luamig.toml").find("[env.a]") != std::string_view::npos);
  CHECK(built_in("multidb", "env.lua") == built_in("generic", "env.lua"));
}
