#include "db/lexer.hpp"

#include <doctest/doctest.h>

using namespace luamig::db;

TEST_CASE("lexer: a comment without its end is found where it begins") {
  for (const engine kind : {engine::sqlite, engine::postgresql}) {
    CHECK(open_comment("SELECT 1 /* a", kind) == 9);
    CHECK(open_comment("SELECT 1 /* a */, 2 -- /*", kind) == std::nullopt);
    CHECK(open_comment("SELECT '/*', \"/*\" -- /* b", kind) == std::nullopt);
    CHECK(open_comment("/* a */ /* b", kind) == 8);
    CHECK(open_comment("SELECT 1", kind) == std::nullopt);
  }
}

TEST_CASE("lexer: a bracket that nothing opens is none inside a text of that database") {
  for (const engine kind : {engine::sqlite, engine::postgresql}) {
    CHECK(has_unopened_bracket("a = 1) OR (b = 2", kind));
    CHECK_FALSE(has_unopened_bracket("(a = 1) OR (b = ')')", kind));
    CHECK_FALSE(has_unopened_bracket("a = 1 -- )", kind));
  }
  CHECK_FALSE(has_unopened_bracket("a <> $$)$$ AND b <> E'\\')'", engine::postgresql));
  CHECK(has_unopened_bracket("a <> E'\\')'", engine::sqlite));
}

TEST_CASE("lexer: comments lie within one another on PostgreSQL alone") {
  CHECK(open_comment("/* a /* b */", engine::postgresql) == 0);
  CHECK(open_comment("/* a /* b */", engine::sqlite) == std::nullopt);
}
