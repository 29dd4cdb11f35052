#include "script/sql_file.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;
using strings = std::vector<std::string>;

namespace {

/// A file that is complete but for what is tested.
std::string file(const std::string& head) { return head + "\n-- upgrade\n-- downgrade\n"; }

script::header scan(const std::string& source) { return script::scan_header(source, "v/a.sql"); }

/// "line: message"
std::string refusal(const std::string& source) {
  try {
    (void)scan(source);
  } catch (const error& problem) {
    CHECK(problem.code == errc::script);
    CHECK(problem.file == "v/a.sql");
    CHECK_FALSE(problem.hint.empty());
    return std::to_string(problem.line) + ": " + problem.message;
  }
  return "none";
}

}  // namespace

TEST_CASE("sql file: a whole header is read") {
  const script::header head = scan(
      "-- Split the names\n--\n-- Notes: both stay;\n--   for now.\n\n-- revision: c0ffee\n"
      "-- down_revision: a, b\n-- depends_on: billing\n-- branch_labels: x,y\n"
      "-- transactional: false\n-- irreversible: not kept: none of it\n"
      "-- environments: development, test\n-- upgrade\nSELECT 1;\n");
  CHECK(head.message == "Split the names");
  CHECK(head.notes == "Notes: both stay;\n  for now.");
  CHECK(head.revision == "c0ffee");
  CHECK(head.down_revision == strings{"a", "b"});
  CHECK(head.depends_on == strings{"billing"});
  CHECK(head.branch_labels == strings{"x", "y"});
  CHECK_FALSE(head.transactional);
  CHECK(head.irreversible == "not kept: none of it");
  CHECK(head.environments == strings{"development", "test"});
  CHECK(head.has_upgrade);
  CHECK_FALSE(head.has_downgrade);
  CHECK(head.revision_line == 6);
  CHECK(head.down_revision_line == 7);
}

TEST_CASE("sql file: message and header may be one block") {
  const script::header head = scan(file("--- users\n-- revision: a\n-- more of it"));
  CHECK(head.message == "users");
  CHECK(head.notes == "more of it");
  CHECK(scan(file("-- revision: a\n\n-- users")).message == "users");
  CHECK(scan(file("-- revision: a")).message.empty());
}

TEST_CASE("sql file: nil is nothing, CRLF and a byte order mark do not count") {
  const script::header head = scan(
      "\xEF\xBB\xBF-- x\r\n-- revision: a\r\n-- down_revision: nil\r\n"
      "-- depends_on: nil\r\n-- transactional: true\r\n-- upgrade\r\n"
      "-- downgrade\r\n");
  CHECK(head.message == "x");
  CHECK(head.revision == "a");
  CHECK(head.down_revision.empty());
  CHECK(head.depends_on.empty());
  CHECK(head.transactional);
  CHECK(head.has_downgrade);
}

TEST_CASE("sql file: what is nearly part of the header is refused") {
  CHECK(refusal(file("-- revison: a")) == "1: unknown name 'revison' (did you mean 'revision'?)");
  CHECK(refusal(file("-- revision: a\n-- revision: b")) ==
        "2: 'revision' is set twice, first on line 1");
  CHECK(refusal(file("-- revision: 'a'")) ==
        "1: 'revision' is not written as ''a'': values stand bare");
  CHECK(refusal(file("-- revision: a\n-- depends_on: b,,c")) ==
        "2: 'depends_on' has an empty item");
  CHECK(refusal(file("-- revision: a\n-- depends_on:")) == "2: 'depends_on' has no value");
  CHECK(refusal(file("-- revision: a\n-- transactional: 0")) ==
        "2: 'transactional' must be true or false");
  CHECK(refusal(file("-- revision: +1")) == "1: '+1' is reserved and cannot be a revision id");
  CHECK(refusal(file("-- users")) == "1: the file has no revision");
  CHECK(refusal("-- revision: a\n-- Upgrade\n-- downgrade\n") ==
        "2: no section begins with '-- Upgrade' (did you mean '-- upgrade'?)");
  CHECK(refusal("-- revision: a\n  -- upgrade\n-- downgrade\n") ==
        "2: no section begins with '  -- upgrade' (did you mean '-- upgrade'?)");
  CHECK(refusal("-- revision: a\nSELECT 1;\n-- upgrade\n") ==
        "2: a statement stands above the first section");
  CHECK(refusal("-- revision: a\n-- upgrade\n-- upgrade\n") ==
        "3: section '-- upgrade' begins twice, first on line 2");
  CHECK(refusal("-- revision: a\n-- upgrade\n-- depends_on: b\n-- downgrade\n") ==
        "3: 'depends_on' stands inside a section");
}

TEST_CASE("sql file: comments that only look like a header are comments") {
  CHECK(refusal(file("-- a\n-- author: Ada\n-- Created: today\n-- see http://x\n-- revision: a")) ==
        "none");
  CHECK(refusal("-- revision: a\n-- upgrade\n  -- revision: b\n-- note: x\n  -- upgrade\n"
                "-- downgrade\n") == "none");
}

TEST_CASE("sql file: the sections know their lines") {
  const std::string source = "-- revision: a\n-- downgrade\nDROP;\n\n-- upgrade\n\nCREATE;";
  const script::sql_sections found = script::read_sql_sections(source);
  CHECK(found.upgrade.text == "\nCREATE;");
  CHECK(found.upgrade.line == 6);
  CHECK(found.downgrade.text == "DROP;\n\n");
  CHECK(found.downgrade.line == 3);
  CHECK(script::read_sql_sections("-- revision: a\n-- upgrade").upgrade.text.empty());
  CHECK(script::read_sql_sections("-- revision: a\n-- upgrade").downgrade.line == 0);
}

TEST_CASE("sql file: a source of SQL is told from one of Lua") {
  CHECK(script::is_sql_source("-- x\n\n-- revision: a\n-- upgrade\nSELECT 1"));
  CHECK_FALSE(script::is_sql_source("-- x\nrevision = 'a'\n-- upgrade\nfunction upgrade() end"));
  CHECK_FALSE(script::is_sql_source(""));
}
