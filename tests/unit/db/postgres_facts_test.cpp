#include "db/postgres_facts.hpp"

#include <doctest/doctest.h>

using namespace luamig;

TEST_CASE(
    "facts: statements that differ in numbers have the same, those that differ in names not") {
  db::postgres_reader reader;
  reader.protect({"public.luamig_version"});
  CHECK(&reader.read("DELETE FROM t WHERE n = 17") == &reader.read("DELETE FROM t WHERE n = 4"));
  CHECK(reader.read("DELETE FROM t1 WHERE n = 1").facts.writes == std::vector<std::string>{"t1"});
  CHECK(reader.read("DELETE FROM t2 WHERE n = 1").facts.writes == std::vector<std::string>{"t2"});
  CHECK(reader.read("DELETE FROM \"t 1\"").facts.writes == std::vector<std::string>{"t 1"});
  CHECK(reader.read("DELETE FROM \"t 2\"").facts.writes == std::vector<std::string>{"t 2"});
}

TEST_CASE("facts: a number is never mistaken for a part of something else") {
  db::postgres_reader reader;
  CHECK(reader.read("SELECT 1; SELECT 2").facts.refusal != "");
  CHECK(reader.read("SELECT 1 -- ; 2").parsed);
  CHECK(reader.read("SELECT 1 /* 2 */").parsed);
  CHECK(reader.read("SELECT $1 + 1").parsed);
  CHECK(reader.read("SELECT 1e5, 1.50, t10.c7 FROM t10").parsed);
  CHECK_FALSE(reader.read("SELECT 1 FROM 2").parsed);
  CHECK_FALSE(reader.read("SELECT 3 FROM 4").parsed);
}

TEST_CASE("facts: reading luamig's own tables is no change of them") {
  db::postgres_reader reader;
  reader.protect({"public.luamig_version"});
  for (const char* reads : {"ANALYZE luamig_version", "ANALYZE (VERBOSE) public.luamig_version",
                            "ANALYZE", "CREATE TABLE x (LIKE luamig_version INCLUDING ALL)",
                            "CREATE INDEX i ON t (a) WHERE a LIKE 'luamig_version'",
                            "ALTER TABLE t ADD COLUMN a text DEFAULT 'luamig_version'",
                            "ALTER TABLE t ADD CHECK (a <> 'luamig_version')"}) {
    CAPTURE(reads);
    CHECK(reader.read(reads).facts.refusal.empty());
  }
  for (const char* changes :
       {"VACUUM luamig_version", "CREATE TABLE luamig_version (LIKE t)",
        "ALTER TABLE t RENAME TO luamig_version", "DROP TABLE public.luamig_version",
        "COMMENT ON TABLE luamig_version IS 'x'", "ALTER TABLE luamig_version ADD COLUMN a text"}) {
    CAPTURE(changes);
    CHECK_FALSE(reader.read(changes).facts.refusal.empty());
  }
}

TEST_CASE("facts: comments in comments cost no more than their length") {
  db::postgres_reader reader;
  std::string opened;
  std::string closed;
  for (int i = 0; i < 250'000; ++i) {
    opened += "/*";
    closed += "*/";
  }
  const std::string sql = "DELETE FROM t " + opened + closed + " WHERE n = 'a'";
  CHECK(reader.read(sql).facts.writes == std::vector<std::string>{"t"});
  const std::string two = sql + "; SELECT 1";
  CHECK(reader.split(two) ==
        std::vector<std::string_view>{std::string_view(two).substr(0, sql.size()), "SELECT 1"});
}

TEST_CASE("facts: ways round the refusals are refused") {
  db::postgres_reader reader;
  reader.protect({"public.luamig_history"});
  const auto refusal = [&](const char* sql) { return reader.read(sql).facts.refusal; };
  for (const char* way : {
           "SELECT query_to_xml('SELECT pg_read_file(''x'')', true, true, '')",
           "SELECT * FROM ts_stat('SELECT to_tsvector(pg_read_file(''x''))')",
           "CREATE FUNCTION rf(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'",
           "CREATE FUNCTION rf(text) RETURNS text AS 'a', 'b' LANGUAGE C",
           "SELECT setval('luamig_history_id_seq', 9)",
           "SELECT setval('public.\"luamig_history_id_seq\"'::regclass, 9)",
           "SELECT nextval('luamig_history_id_seq')",
           "ALTER SEQUENCE luamig_history_id_seq MAXVALUE 3",
           "DROP SEQUENCE luamig_history_id_seq",
       }) {
    CAPTURE(way);
    CHECK_FALSE(refusal(way).empty());
  }
  CHECK(refusal("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'").empty());
  CHECK(refusal("SELECT setval('users_id_seq', 9)").empty());
}

TEST_CASE("facts: what only looks like a comment stays") {
  db::postgres_reader reader;
  const auto is_refused = [&](const char* sql) { return !reader.read(sql).facts.refusal.empty(); };
  for (const char* hides : {
           "SELECT '/* /*', pg_read_file('x'), '*/ */'",
           "SELECT $a$/* /*$a$, pg_read_file('x'), $a$*/ */$a$",
           "SELECT a$b/* /**/ */, pg_read_file('x') FROM t",
           "SELECT 1 -- /* /*\n, pg_read_file('x') -- */ */",
           "SELECT 1 -- \r , '\n/* /*', pg_read_file('x'), '*/ */'",
           "SELECT E'a'\n'\\'/* /*', pg_read_file('x') --*/*/ '",
           "SELECT \"/* /*\", pg_read_file('x') AS \"*/ */\" FROM t",
       }) {
    CAPTURE(hides);
    CHECK(is_refused(hides));
  }
  CHECK_FALSE(is_refused("SELECT 1 /* /* pg_read_file('x') */ */"));
}

TEST_CASE("facts: a statement too deep for the parser's stack is refused, a long one is not") {
  db::postgres_reader reader;
  const auto many = [](const std::string& first, const std::string& more) {
    std::string out = first;
    for (int i = 0; i < 100'000; ++i) out += more;
    return out;
  };
  for (const auto& deep :
       {many("SELECT 1", " + 1"), many("SELECT 1", "::int"), many("SELECT ''", " || $a$x$a$"),
        many("SELECT 1 FROM t", " JOIN t AS u ON true AND true"), many("SELECT 1", " + (1)"),
        many("SELECT 1, 1", " UNION SELECT 1, 1")}) {
    CHECK(reader.read(deep).facts.refusal == "a script may not nest a statement this deeply");
  }
  CHECK(reader.read(many("SELECT 1", ", 1 + 1")).facts.refusal.empty());
  CHECK(reader.read(many("INSERT INTO t VALUES (1, 'x')", ", (1, 'x' || 'y')"))
            .facts.refusal.empty());
}
