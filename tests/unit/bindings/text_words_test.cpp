#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {

constexpr const char* row =
    "local r = db:one(\"SELECT 7 AS id, 'Ä,b,,C' AS tags, '' AS none, NULL AS no\") ";

}  // namespace

TEST_CASE("text: words take a text, or a row and its column") {
  workshop w;
  CHECK(w.print("text.lower('ÄB'), text.upper('äb'), text.len('äb'), text.truncate('äbc', 2)") ==
        "äb\tÄB\t2\täb");
  CHECK(w.print("text.lower(r, 'tags'), text.len(r, 'tags'), text.truncate(r, 'tags', 1)", row) ==
        "ä,b,,c\t6\tÄ");
  CHECK(w.print("text.lower(r, 'no'), text.len(r, 'no'), text.truncate(r, 'no', 3), "
                "text.match(r, 'no', 'x')",
                row) == "nil\tnil\tnil\tnil");
  CHECK(w.print("text.match('Ada Lovelace', '^(%S+) (%S+)$')") == "Ada\tLovelace");
  CHECK(w.print("text.match(r, 'tags', ',(%a)'), text.match('abc', 'b()', 1)", row) == "b\t3");
}

TEST_CASE("text: split keeps empty fields") {
  workshop w;
  const auto fields = [&w](const std::string& arguments) {
    return w.print("table.concat(all, '|') .. ' ' .. #all",
                   std::string(row) + "local all = {} for field in text.split(" + arguments +
                       ") do all[#all + 1] = field end");
  };
  CHECK(fields("'a,b,,c', ','") == "a|b||c 4");
  CHECK(fields("',a,', ','") == "|a| 3");
  CHECK(fields("'', ','") == " 1");
  CHECK(fields("'a%.b', '%.'") == "a|b 2");
  CHECK(fields("'a::b', '::'") == "a|b 2");
  CHECK(fields("r, 'tags', ','") == "Ä|b||C 4");
  CHECK(fields("r, 'none', ','") == " 1");
  CHECK(fields("r, 'no', ','") == " 0");
}

TEST_CASE("text: a wrong call is an error at its line") {
  workshop w;
  const auto fails = [&w](const std::string& call) {
    const error e = w.failure(std::string(row) + call);
    CHECK(e.line == 1);
    return e.message;
  };
  CHECK(fails("text.lower(nil)") == "text.lower: the text is nil");
  CHECK(fails("text.lower(null)") == "text.lower: the text is a null, not a text");
  CHECK(fails("text.lower(7)") == "text.lower: the text is a number, not a text");
  CHECK(fails("text.lower(r)") == "text.lower: the row's column is not named");
  CHECK(fails("text.lower(r, 'id')") == "text.lower: the column 'id' is a number, not a text");
  CHECK(fails("text.lower(r, 'tag')") == "no column 'tag' (did you mean 'tags'?)");
  CHECK(fails("text.lower('\\255')") == "the text is not UTF-8 at offset 0");
  CHECK(fails("text.split('a', '')") == "text.split: the separator is empty");
  CHECK(fails("text.split('a')") == "text.split: the separator is nil");
  CHECK(fails("text.truncate('a')").starts_with("text.truncate: the number of characters"));
  CHECK(fails("text.truncate('a', -1)").starts_with("text.truncate: the number of characters"));
  CHECK(fails("text.truncate('a', 0/0)").starts_with("text.truncate: the number of characters"));
  CHECK(fails("text.match('a')") == "text.match: the pattern is nil, not a text");
  CHECK(fails("text.match('a', '%')").find("malformed pattern") != std::string::npos);
  CHECK(fails("text.size('a')") == "unknown name 'text.size'");
}
