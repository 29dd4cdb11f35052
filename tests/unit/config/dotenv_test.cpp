#include "config/dotenv.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;

namespace {

std::string value_of(std::string_view line) {
  const auto entries = config::parse_dotenv(line, ".env");
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].name == "K");
  return entries[0].value;
}

error failure(std::string_view text) {
  try {
    (void)config::parse_dotenv(text, "/app/.env");
  } catch (const error& problem) {
    return problem;
  }
  FAIL("no error");
  return {errc::config, ""};
}

}  // namespace

TEST_CASE("dotenv: blank lines, comments, export, CRLF and a byte order mark are understood") {
  const auto entries =
      config::parse_dotenv("\xEF\xBB\xBF# first\r\n\r\nA=1\r\n  export B = two \n", ".env");
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].name == "A");
  CHECK(entries[0].value == "1");
  CHECK(entries[0].line == 3);
  CHECK(entries[1].name == "B");
  CHECK(entries[1].value == "two");
  CHECK(entries[1].line == 4);
}

TEST_CASE("dotenv: a comment in an unquoted value begins after a blank") {
  CHECK(value_of("K=a#b # c") == "a#b");
  CHECK(value_of("K=# c").empty());
  CHECK(value_of("K=").empty());
  CHECK(value_of("K=a=b") == "a=b");
}

TEST_CASE("dotenv: single quotes are literal, double quotes know escapes, nothing is expanded") {
  CHECK(value_of(R"(K='a "b" \n # $X' # c)") == R"(a "b" \n # $X)");
  CHECK(value_of(R"(K="a\n\"b\" \$ \\ \q")") == "a\n\"b\" $ \\ \\q");
  CHECK(value_of("K=${HOME}") == "${HOME}");
}

TEST_CASE("dotenv: a wrong line is named by its number, without the value") {
  const error no_equals = failure("A=1\nhunter2\n");
  CHECK(std::string(no_equals.what()) == "no '=' in the line");
  CHECK(no_equals.file == "/app/.env");
  CHECK(no_equals.line == 2);
  CHECK(std::string(failure("9A=hunter2").what()).find("hunter2") == std::string::npos);
  CHECK(std::string(failure("A='hunter2").what()) == "the closing ' is missing");
  CHECK(std::string(failure("A=\"x\" hunter2").what()) == "there is text after the closing quote");
}
