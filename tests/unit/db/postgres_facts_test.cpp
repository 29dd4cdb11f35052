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
