#include "bindings/hosted_function.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "unit/bindings/fixture.hpp"

using luamig::test::workshop;

namespace {

/// What -v says of a backfill of ten rows by this function; "" where Lua did all of them.
std::string said_of(const std::string& function, const std::string& before = "") {
  workshop shop;
  shop.upgrade(
      "db:execute([[CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, n INTEGER, x)]]) "
      "for i = 1, 10 do db:execute([[INSERT INTO t VALUES (:i, 'Text ' || :i, :i, NULL)]], "
      "{ i = i }) end " +
      before + " op.backfill('t', { read = { 'a', 'n' }, write = { 'x' } }, " + function + ")");
  for (const std::string& line : shop.output.lines) {
    const auto at = line.find("the host did ");
    if (at != std::string::npos) return line.substr(at + 13, line.find(" of ") - at - 13);
  }
  return "";
}

}  // namespace

TEST_CASE("hosted function: the host does every row but the first, which Lua is shown") {
  CHECK(said_of("function(row) return { x = row.a } end") == "9");
  CHECK(said_of("function(row) return { x = row.a .. ' ' .. row.n } end") == "9");
  CHECK(said_of("function(row) return { x = text.lower(row, 'a') } end") == "9");
  CHECK(said_of("function(row) return { x = row.n * 2 + 1 } end") == "9");
  CHECK(said_of("function(row) if row.n > 3 and row.a ~= 'b' then return { x = 1 } end end") ==
        "9");
  CHECK(said_of("function(row) return { x = json.at('{\"a\": 1}', 'a') } end") == "9");
  CHECK(said_of("function(row) return { x = coalesce(row.a, 'b'):upper() } end") == "9");
  CHECK(said_of("function(row) return nil end") == "9");
  CHECK(said_of("function(row) return { x = rate * row.n } end", "local rate = 2") == "9");
}

TEST_CASE("hosted function: what the host does not know is Lua's") {
  CHECK(said_of("function(row) return { x = row.a:rep(2) } end").empty());
  CHECK(said_of("function(row) for i = 1, 2 do end return { x = 1 } end").empty());
  CHECK(said_of("function(...) return { x = 1 } end").empty());
  CHECK(said_of("function(row) local f = function() return 1 end return { x = f() } end").empty());
  CHECK(said_of("function(row) return { x = other(row) } end",
                "local function other(row) return row.a end")
            .empty());
}

TEST_CASE("hosted function: one of very many names is Lua's") {
  std::string names;
  for (int i = 0; i < 600; ++i) names += "k" + std::to_string(i) + " = 1, ";
  CHECK(said_of("function(row) local t = { " + names + " } return { x = row.a } end").empty());
}

TEST_CASE("hosted function: a global that a row of Lua's replaces is the new one for the next") {
  workshop shop;
  shop.add("in.csv", "id,a\n1,A\n2,B\n3,C\n4,D\n");
  shop.upgrade(R"lua(
    db:execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    local function bump() rawset(text, "lower", function() return "mine" end) end
    op.import_csv("in.csv", { table = "t" }, function(line)
      if line.id == "3" then bump() end
      return { id = line.id, a = text.lower(line.a) }
    end)
    for r in db:rows("SELECT a FROM t ORDER BY id") do print(r.a) end
  )lua");
  const auto& lines = shop.output.lines;
  REQUIRE(lines.size() >= 4);
  CHECK(std::vector(lines.end() - 4, lines.end()) ==
        std::vector<std::string>{"a", "b", "mine", "mine"});
}

TEST_CASE("hosted function: positions of string.sub are of 32 bits, as Lua takes them") {
  workshop shop;
  shop.upgrade(R"lua(
    db:execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, x TEXT)")
    for i = 1, 3 do db:execute("INSERT INTO t (a) VALUES ('Ada')") end
    op.backfill("t", { read = "a", write = "x" }, function(row) return { x = row.a:sub(1, 1e10) } end)
    print(db:scalar("SELECT count(DISTINCT x) FROM t"))
  )lua");
  CHECK(shop.output.lines.back() == "1");
}

TEST_CASE("hosted function: rows that the host leaves are Lua's, the others are not") {
  CHECK(said_of("function(row) if row.n == 5 then return { x = row.a:rep(2) } end "
                "return { x = row.a } end") == "8");
}
