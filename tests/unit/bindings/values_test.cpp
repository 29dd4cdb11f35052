#include <doctest/doctest.h>

#include "bindings/exact.hpp"
#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

TEST_CASE("exact: arithmetic keeps every digit") {
  const auto n = [](const char* text) { return *bindings::parse_exact(text); };
  using bindings::spell;
  CHECK(spell(bindings::add(n("99999999999999999999.99"), n("0.01"))) ==
        "100000000000000000000.00");
  CHECK(spell(bindings::subtract(n("1.0"), n("1.00"))) == "0.00");
  CHECK(spell(bindings::subtract(n("0.1"), n("0.25"))) == "-0.15");
  CHECK(spell(bindings::multiply(n("-1.20"), n("3.5"))) == "-4.200");
  CHECK(spell(bindings::divide(n("2"), n("3"), 4)) == "0.6667");
  CHECK(spell(bindings::divide(n("-1"), n("8"), 2)) == "-0.13");
  CHECK(spell(bindings::round(n("2.345"), 2)) == "2.35");
  CHECK(spell(bindings::round(n("2"), 2)) == "2.00");
  CHECK(bindings::compare(n("1.50"), n("1.5")) == 0);
  CHECK(bindings::compare(n("-2"), n("1e-3")) < 0);
}

TEST_CASE("exact: spellings are canonical and nonsense is none") {
  CHECK(bindings::spell(*bindings::parse_exact("+007.10")) == "7.10");
  CHECK(bindings::spell(*bindings::parse_exact("-0.00")) == "0.00");
  CHECK(bindings::spell(*bindings::parse_exact("12e3")) == "12000");
  CHECK(bindings::spell(*bindings::parse_exact("12e-4")) == "0.0012");
  for (const char* bad : {"", "-", ".", "1.2.3", "1e", "1e99999", "NaN", "0x10", " 1"})
    CHECK_MESSAGE(!bindings::parse_exact(bad), bad);
}

TEST_CASE("values: equal exact numbers are one object and compare with numbers") {
  workshop w;
  CHECK(w.print("exact('9007199254740993') == exact('9007199254740993')") == "true");
  CHECK(w.print("t[exact('9007199254740993')]", "local t = {[exact('9007199254740993')] = 7}") ==
        "7");
  CHECK(w.print("exact('1.50') == exact('1.5'), exact('1.50') == 1.5, exact('5.0') == 5") ==
        "true\tfalse\ttrue");
  CHECK(w.print("exact('1.2') < 2, 2 < exact('1.2'), exact('1.2') <= exact('1.20')") ==
        "true\tfalse\ttrue");
  CHECK(w.print("exact('1.2') == null, exact('1.2') == nil, exact('1.2') == '1.2'") ==
        "false\tfalse\tfalse");
  CHECK(w.print("exact('NaN') == exact('NaN'), exact('Infinity') == exact('Infinity'), "
                "exact('NaN') == exact('Infinity')") == "true\ttrue\tfalse");
  CHECK(w.print("exact('NaN') == exact('1.0'), exact('NaN') == 5") == "false\tfalse");
}

TEST_CASE("values: integers are plain numbers below 10^14 and exact from there on") {
  workshop w;
  CHECK(w.print("type(exact('99999999999999')), exact('99999999999999') + 1") == "number\t1e+14");
  CHECK(w.print("exact('100000000000000') - 1") == "99999999999999");
  CHECK(w.print("exact('100000000000000') + 1, 'id ' .. exact('100000000000000')") ==
        "100000000000001\tid 100000000000000");
  CHECK(w.print("exact('0.10') + exact('0.20'), exact('1.5') * 2, -exact('1.5')") ==
        "0.30\t3.0\t-1.5");
  CHECK(
      w.print(
          "exact('10.00'):div(3, 2), exact('2.345'):round(2), 9007199254740993LL + exact('1.0')") ==
      "3.33\t2.35\t9007199254740994.0");
}

TEST_CASE("values: string.format spells exact numbers in full") {
  workshop w;
  CHECK(w.print("('%d|%s'):format(exact('9007199254740993'), exact('1.20'))") ==
        "9007199254740993|1.20");
  CHECK(w.print("string.format('%20d|%-20d|%020d|%%|%d', exact('-9007199254740993'), "
                "exact('9007199254740993'), exact('-9007199254740993'), 5)") ==
        "   -9007199254740993|9007199254740993    |-0009007199254740993|%|5");
  CHECK(w.failure("string.format('%d', exact('1.5'))").message == "%d of 1.5, which is no integer");
}

TEST_CASE("values: what is not exact is refused with the cure") {
  workshop w;
  const error fraction = w.failure("return exact('1.2') + 0.1");
  CHECK(fraction.message.find("which is not exact") != std::string::npos);
  CHECK(fraction.hint == "write it as text: exact(\"1.2\")");
  CHECK(w.failure("return exact('1.2') / 3").hint == "a:div(b, 2)");
  CHECK(w.failure("return exact('x')").message == "exact(\"x\") is not a number");
  CHECK(w.failure("return exact('NaN') + 1").message == "NaN has no exact arithmetic");
  CHECK(w.failure("return exact('1.5'):div(0, 1)").message == "division by zero");
}

TEST_CASE("values: null is itself only, prints null and is true") {
  workshop w;
  CHECK(w.print("null, type(null), null == null, null == nil, null and 1") ==
        "null\tuserdata\ttrue\tfalse\t1");
  CHECK(w.print("coalesce(nil, null, 3, 4), coalesce(nil, null), is_null(nil), is_null(null)") ==
        "3\tnull\ttrue\ttrue");
}

TEST_CASE("values: parameters arrive as they were given") {
  workshop w;
  CHECK(w.print("db:scalar('SELECT :v', { v = 9007199254740993LL })") == "9007199254740993");
  CHECK(w.print("db:scalar('SELECT typeof(:v)', { v = 3 })") == "integer");
  CHECK(w.print("db:scalar('SELECT typeof(:v)', { v = 3.5 })") == "real");
  CHECK(w.print("db:scalar('SELECT typeof(:v)', { v = blob('a\\0b') })") == "blob");
  CHECK(w.print("db:scalar('SELECT typeof(:v)', { v = null })") == "null");
  CHECK(w.print("#db:scalar('SELECT :v', { v = 'a\\0b' })") == "3");
  CHECK(w.print("#db:all('SELECT 1 AS n WHERE 2 IN (:ids)', { ids = { 1, 2 } })") == "1");
  CHECK(w.print("#db:all('SELECT 1 AS n WHERE 2 IN (:ids)', { ids = {} })") == "0");
  CHECK(w.print("db:scalar('SELECT $2 || $1', { 'a', 'b' })") == "ba");
}

TEST_CASE("values: nil, holes and lost digits in parameters are errors with a cure") {
  workshop w;
  const error hole = w.failure("db:execute('SELECT $1, $2, $3', { 1, nil, 3 })");
  CHECK(hole.message == "the list of parameters has a hole: item 2 is nil");
  CHECK(hole.hint == "write null for NULL");
  CHECK(hole.line == 1);
  const error big = w.failure("db:execute('SELECT :v', { v = 2^53 })");
  CHECK(big.message.find("may have lost digits") != std::string::npos);
  CHECK(w.failure("db:execute('SELECT :v', { v = print })").message ==
        "parameter 'v' is a function");
  CHECK(w.failure("db:execute('SELECT :v', { v = 1, 2 })").message ==
        "parameters have both names and positions");
  const error lost = w.failure("db:execute('SELECT ' .. 123456789012345)");
  CHECK(lost.message.find("e+14") != std::string::npos);
  CHECK(w.print("db:scalar(\"SELECT '1e+20'\")") == "1e+20");
}

TEST_CASE("values: keys below 1 are no places in a list") {
  workshop w;
  CHECK(w.failure("db:scalar('SELECT $1', { [0] = 5, 6 })").message ==
        "the list of parameters has the key 0");
  CHECK(w.failure("db:scalar('SELECT $1', { [1.5] = 5 })").message ==
        "the list of parameters has the key 1.5");
}

TEST_CASE("values: a value nested 16,000 deep is an error") {
  workshop w;
  const std::string nest = "local a = array{ 1 } for i = 1, 16000 do a = array{ a } end ";
  for (const char* use :
       {"db:scalar('SELECT :a', { a = a })", "db:scalar('SELECT $1', { a })",
        "op.execute('SELECT :a', { a = a })", "db:scalar('SELECT 1 WHERE 1 IN (:a)', { a = a })"}) {
    const error e = w.failure(nest + use);
    CHECK_MESSAGE(e.message.ends_with(" is nested too deeply"), use, ": ", e.message);
    CHECK(e.line == 1);
  }
}

TEST_CASE("values: an array that holds itself is an error") {
  workshop w;
  const error e = w.failure("local a = array{ 1 } a[1] = a db:scalar('SELECT :a', { a = a })");
  CHECK(e.message == "parameter 'a' is nested too deeply");
}
