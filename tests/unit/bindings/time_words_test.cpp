#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

TEST_CASE("time: now is the start of the step") {
  workshop w;
  CHECK(w.print("time.ago('0 seconds'), time.ago('1 month 13 hours'), time.iso(os.time())") ==
        "2023-11-14 22:13:20\t2023-10-14 09:13:20\t2023-11-14 22:13:20");
}

TEST_CASE("time: seconds and texts, of a row's column too") {
  workshop w;
  CHECK(w.print("time.unix('1970-01-01 00:01:00.5'), time.iso(60.5), time.iso(exact('60'))") ==
        "60.5\t1970-01-01 00:01:00.5\t1970-01-01 00:01:00");
  CHECK(w.print("time.unix(r, 'at'), time.unix(r, 'no')",
                "local r = db:one(\"SELECT '1970-01-02' AS at, NULL AS no\") ") == "86400\tnil");
}

TEST_CASE("time: a wrong call is an error at its line") {
  workshop w;
  const auto fails = [&w](const std::string& call) {
    const error e = w.failure(call);
    CHECK(e.line == 1);
    return e.message;
  };
  CHECK(fails("time.ago()") == "time.ago: the span of time is nil");
  CHECK(fails("time.ago('90 dais')") == "time.ago: '90 dais' is no span of time");
  CHECK(fails("time.iso()") == "time.iso: the seconds are nil, not a number");
  CHECK(fails("time.iso('1')") == "time.iso: the seconds are a string, not a number");
  CHECK(fails("time.iso(exact('1700000000000000'))").find("0001 to 9999") != std::string::npos);
  CHECK(fails("time.unix('soon')") == "time.unix: 'soon' is no instant");
  CHECK(fails("time.now()") == "unknown name 'time.now'");
}
