#include <doctest/doctest.h>

#include <string>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {

// What op.backfill says of a function with this body; `outside` stands before it in upgrade().
std::string said(const std::string& body, const std::string& outside = "",
                 const std::string& file = "") {
  workshop w;
  const std::string text =
      "op.execute('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)') op.execute('INSERT INTO t "
      "VALUES (1, 1)') " +
      outside + " op.backfill('t', { read = 'n', write = 'n' }, function(row, out)\n" + body +
      "\nend) error('went through')";
  return w.failure(text, file).message;
}

std::string assigns(const std::string& name, int line = 2) {
  return "backfill: the function assigns '" + name + "', a variable from outside of it (line " +
         std::to_string(line) + ")";
}

}  // namespace

TEST_CASE("captured: every way to assign a captured variable is noticed") {
  CHECK(said("v = row.n", "local v") == assigns("v"));
  CHECK(said("v = 'text'", "local v") == assigns("v"));
  CHECK(said("v = 1.5", "local v") == assigns("v"));
  CHECK(said("v = nil", "local v = 1") == assigns("v"));
  CHECK(said("\nif row.n == 7 then v = true end", "local v") == assigns("v", 3));
  CHECK(said("local a; a, v = 1, 2", "local u, v") == assigns("v"));
  CHECK(said("u = u + 1", "", "local t, u = 0, 0 ") == assigns("u"));
}

TEST_CASE("captured: a global of the file is one as well") {
  CHECK(said("total = total + row.n", "", "total = 0 ") == assigns("total"));
  const std::string constants =
      "local s = { 'a', 1.5, { x = 'y', [2.5] = 7, true } } print(2^40, 7LL, 'b') ";
  CHECK(said(constants + "total = s", "", "total = 0 ") == assigns("total"));
}

TEST_CASE("captured: functions within the function are looked into") {
  CHECK(said("local f = function() return function() v = 1 end end", "local u, v") == assigns("v"));
  CHECK(said("local f = function() u = 1 end\n local g = function() v = 1 end", "local v, u") ==
        assigns("u"));
  CHECK(said("local g = function() v = 1 end local f = function() local g = 1 end", "local v") ==
        assigns("v"));
  // The locals of a function are its own, by whatever they are assigned.
  CHECK(said("local v = 0 local f = function() v = v + 1 return function() v = 2 end end f()",
             "local v") == "went through");
}

TEST_CASE("captured: functions of the file that it has captured are looked into") {
  const std::string counts = "local n = 0 local function count() n = n + 1 end ";
  CHECK(said("count()", "", counts) ==
        "backfill: the function calls 'count', which assigns 'n', a variable from outside of it "
        "(line 1)");
  CHECK(said("more()", "", counts + "local function more() count() end ") ==
        "backfill: the function calls 'more', which assigns 'n', a variable from outside of it "
        "(line 1)");
  CHECK(said("again()", "", "local function again(i) if i then return again(i - 1) end end ") ==
        "went through");
  // What is not of the file is nobody's to look at.
  CHECK(said("lower('A') format('x')", "local lower, format = text.lower, sql.format") ==
        "went through");
}

TEST_CASE("captured: what is only read, and tables, may be captured") {
  CHECK(
      said("local x = K + #list + f(2) seen[row.id] = true row = nil out = nil",
           "local K, list, seen = 1, { 1 }, {} local function f(x) x = x + 1 return x end K = 2") ==
      "went through");
  std::string long_body = "v = 1";
  for (int i = 0; i < 70000; ++i) long_body.insert(0, "\n");
  CHECK(said(long_body, "local v") == assigns("v", 70002));
}
