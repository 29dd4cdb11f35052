#include "engine/table_lines.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

using namespace luamig;

namespace {

std::string lines(std::string_view sql) { return text::join(engine::table_lines("t", sql), "\n"); }

}  // namespace

TEST_CASE("table lines: constraints of columns and of the table are lines alike") {
  CHECK(lines("CREATE TABLE t (a text CHECK (a <> ','), CONSTRAINT k CHECK (a  > 1 /* x */ ))") ==
        "constraint t CHECK (a <> ',')\nconstraint t.k CHECK (a > 1 )");
  CHECK(lines("CREATE TABLE t (a int CONSTRAINT u UNIQUE ON CONFLICT IGNORE, b, UNIQUE (a, b))") ==
        "constraint t.u UNIQUE (a) ON CONFLICT IGNORE\nconstraint t UNIQUE (a, b)");
  CHECK(lines("CREATE TABLE t (a, b, CHECK (a) CHECK (b) CONSTRAINT \"a \"\"k\" UNIQUE (a))") ==
        "constraint t CHECK (a)\nconstraint t CHECK (b)\nconstraint t.a \"k UNIQUE (a)");
}

TEST_CASE("table lines: what other lines tell is not told again") {
  CHECK(lines("CREATE TABLE t (id INTEGER PRIMARY KEY, a varchar(10) NOT NULL DEFAULT NULL, "
              "b numeric(10, 2) REFERENCES p (a) ON DELETE SET NULL ON UPDATE SET DEFAULT NULL, "
              "FOREIGN KEY (a) REFERENCES p (b))") == "");
  CHECK(lines("CREATE TABLE t (a, PRIMARY KEY (a))") == "");
  CHECK(lines("CREATE TABLE t (\"check\" int, [unique] int, `as` int)") == "");
  CHECK(lines("CREATE VIRTUAL TABLE t USING fts5 (a, content='x')") == "");
}

TEST_CASE("table lines: the rest of a column is told") {
  CHECK(lines("CREATE TABLE t (a text COLLATE NOCASE NOT NULL, b GENERATED ALWAYS AS (a || '(') "
              "STORED, c AS (a), d varchar(3) CHECK (d <> 'x'))") ==
        "collation of t.a: NOCASE\nexpression of t.b: (a || '(')\nexpression of t.c: (a)\n"
        "constraint t CHECK (d <> 'x')");
  CHECK(lines("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT") ==
        "constraint t PRIMARY KEY (id) AUTOINCREMENT\noptions of t: STRICT");
  CHECK(lines("CREATE TABLE t (a, b, CONSTRAINT pk PRIMARY KEY (b, a)) STRICT, WITHOUT ROWID") ==
        "constraint t.pk PRIMARY KEY (b, a)\noptions of t: STRICT, WITHOUT ROWID");
}

TEST_CASE("table lines: of a foreign key its deferral is told") {
  CHECK(
      lines("CREATE TABLE t (a int(3) CONSTRAINT f REFERENCES p DEFERRABLE INITIALLY DEFERRED)") ==
      "constraint t.f FOREIGN KEY (a) DEFERRABLE INITIALLY DEFERRED");
  CHECK(lines("CREATE TABLE t (a, b, FOREIGN KEY (a, b) REFERENCES p (c, d) ON DELETE CASCADE "
              "DEFERRABLE)") == "constraint t FOREIGN KEY (a, b) DEFERRABLE");
}

TEST_CASE("table lines: a text that is none of SQLite's is survived") {
  for (const std::string_view sql :
       {"", "CREATE", "CREATE TABLE t (", "CREATE TABLE t (a,", "CREATE TABLE t (CONSTRAINT",
        "CREATE TABLE t (CHECK", "CREATE TABLE t ()", "CREATE TABLE t (a AS)",
        "CREATE TABLE t (PRIMARY)", "CREATE TABLE t (a CONSTRAINT)", "CREATE TABLE t (FOREIGN)",
        "CREATE TABLE t (a PRIMARY", "CREATE TABLE t (PRIMARY KEY",
        "CREATE TABLE t (FOREIGN KEY"}) {
    CHECK_NOTHROW(static_cast<void>(lines(sql)));
  }
}
