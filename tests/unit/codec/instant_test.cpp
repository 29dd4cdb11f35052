#include "codec/instant.hpp"

#include <doctest/doctest.h>

#include <ctime>

#include "base/error.hpp"

using namespace luamig;
using codec::before;
using codec::instant_of;
using codec::instant_text;

namespace {

template <typename Call>
std::string fault(Call&& call) {
  try {
    (void)call();
  } catch (const error& e) {
    return e.message + (e.hint.empty() ? "" : " | " + e.hint);
  }
  return "";
}

std::string ago(const char* from, std::string_view span) {
  return instant_text(before(instant_of(from), span));
}

}  // namespace

TEST_CASE("instant: the calendar is the system's, from the year 1 to 9999") {
  for (std::int64_t s = -62135596800; s < 253402300800; s += 86400 * 37 + 12345) {
    const std::time_t t = s;
    std::tm parts{};
    gmtime_r(&t, &parts);
    char want[64];
    std::snprintf(want, sizeof want, "%04d-%02d-%02d %02d:%02d:%02d", parts.tm_year + 1900,
                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    REQUIRE(instant_text(static_cast<double>(s)) == want);
    REQUIRE(instant_of(want) == static_cast<double>(s));
  }
  CHECK(instant_text(-62135596800.0) == "0001-01-01 00:00:00");
  CHECK(instant_text(253402300799.0) == "9999-12-31 23:59:59");
  CHECK(instant_text(-1) == "1969-12-31 23:59:59");
}

TEST_CASE("instant: fractions have six places at the most") {
  CHECK(instant_text(0.5) == "1970-01-01 00:00:00.5");
  CHECK(instant_text(1700000000.123456) == "2023-11-14 22:13:20.123456");
  CHECK(instant_text(-0.25) == "1969-12-31 23:59:59.75");
  CHECK(instant_text(59.9999999) == "1970-01-01 00:01:00");
  CHECK(instant_of("2023-11-14 22:13:20.123456") == 1700000000.123456);
}

TEST_CASE("instant: texts of both databases are read") {
  CHECK(instant_of("1970-01-02") == 86400);
  CHECK(instant_of("1970-01-01T00:01") == 60);
  CHECK(instant_of("1970-01-01T00:00:01.5Z") == 1.5);
  CHECK(instant_of("1970-01-01 02:00:00+02") == 0);
  CHECK(instant_of("1969-12-31 18:30:00-0530") == 0);
  CHECK(instant_of("1970-01-01 05:45:00+05:45") == 0);
  CHECK(instant_of("2024-02-29") - instant_of("2024-02-28") == 86400);
}

TEST_CASE("instant: what is no instant is refused") {
  for (const char* bad :
       {"", "x", "2026", "2026-1-1", "2026-01-01x", "2026-01-01 ", "2026-01-01 1", "2026-01-01 10",
        "2026-01-01 10:00:00.", "2026-01-01 10:00:00+", "2026-01-01 10:00:00+1",
        "2026-01-01 10:00:00Zz", "0044-03-15 BC", "-0044-03-15", "12026-01-01", "infinity",
        "2026-01-01 10:00:00 UTC", "1700000000"})
    CHECK_MESSAGE(fault([&] { return instant_of(bad); }).find("is no instant | it reads") !=
                      std::string::npos,
                  bad);
  CHECK(fault([] { return instant_of("2023-02-29"); }) ==
        "time.unix: '2023-02-29' has no such day");
  CHECK(fault([] { return instant_of("1900-02-29"); }) ==
        "time.unix: '1900-02-29' has no such day");
  CHECK(fault([] { return instant_of("2026-13-01"); }) ==
        "time.unix: '2026-13-01' has no such day");
  CHECK(fault([] { return instant_of("2026-01-01 24:00:00"); }) ==
        "time.unix: '2026-01-01 24:00:00' has no such time of day");
  CHECK(fault([] { return instant_of("2026-01-01 10:00:00+16"); }) ==
        "time.unix: '2026-01-01 10:00:00+16' has no such zone");
  CHECK(fault([] { return instant_of("0000-01-01"); }) ==
        "time.unix: '0000-01-01' has no such year: it goes from 0001 to 9999");
  CHECK(fault([] { return instant_of("0001-01-01 00:00:00+01"); }).find("0001 to 9999") !=
        std::string::npos);
}

TEST_CASE("instant: beyond the years it says so") {
  CHECK(fault([] { return instant_text(1700000000000.0); }) ==
        "time.iso: 1700000000000 is no instant of the years 0001 to 9999 | seconds are counted: "
        "divide milliseconds by 1000");
  CHECK(fault([] { return instant_text(-62135596801.0); }) ==
        "time.iso: -62135596801 is no instant of the years 0001 to 9999");
  CHECK(fault([] { return instant_text(253402300799.9999999); }).find("0001 to 9999") !=
        std::string::npos);
  CHECK(fault([] { return instant_text(0.0 / 0.0); }).find("0001 to 9999") != std::string::npos);
  CHECK(fault([] { return before(0, "2000 years"); }) ==
        "time.ago: '2000 years' is no instant of the years 0001 to 9999");
  CHECK(!fault([] { return before(0, "9999999999999 years 9999999999999 weeks"); }).empty());
}

TEST_CASE("instant: a span goes back by the calendar") {
  CHECK(ago("2026-11-29 11:18:05", "90 days") == "2026-08-31 11:18:05");
  CHECK(ago("2024-03-31", "1 month") == "2024-02-29 00:00:00");
  CHECK(ago("2023-03-31", "1 month") == "2023-02-28 00:00:00");
  CHECK(ago("2024-02-29", "1 year") == "2023-02-28 00:00:00");
  CHECK(ago("2024-02-29", "4 years") == "2020-02-29 00:00:00");
  CHECK(ago("2026-01-15", "1 year 6 months") == "2024-07-15 00:00:00");
  CHECK(ago("2026-01-15", "  2 weeks   1 day ") == "2025-12-31 00:00:00");
  CHECK(ago("2026-01-15", "36 hours 30 minutes 5 seconds") == "2026-01-13 11:29:55");
  CHECK(ago("2026-01-15", "0 days") == "2026-01-15 00:00:00");
  for (const char* bad : {"", " ", "90", "days", "90d", "-1 days", "1.5 days", "90 dayz",
                          "90 days 3", "9 s", "99999999999999999999 days", "+1 day"})
    CHECK_MESSAGE(
        fault([&] { return before(0, bad); }).find("is no span of time") != std::string::npos, bad);
}
