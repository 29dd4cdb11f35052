#include "codec/csv_text.hpp"

#include <doctest/doctest.h>

using namespace luamig;

namespace {

std::string field(std::string_view text, const codec::csv_style& style = {}) {
  std::string out;
  codec::append_csv_field(text, style, out);
  return out;
}

}  // namespace

TEST_CASE("csv text: only what would be read as something else stands in quotes") {
  CHECK(field("plain text") == "plain text");
  CHECK(field("a,b") == "\"a,b\"");
  CHECK(field("a;b") == "a;b");
  CHECK(field("a;b", {';', ""}) == "\"a;b\"");
  CHECK(field("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(field("two\nlines") == "\"two\nlines\"");
  CHECK(field("\r") == "\"\r\"");
}

TEST_CASE("csv text: a text that looks like NULL stands in quotes") {
  CHECK(field("") == "\"\"");
  CHECK(field("", {',', "NULL"}) == "");
  CHECK(field("NULL", {',', "NULL"}) == "\"NULL\"");
}
