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

TEST_CASE("csv text: what means something is seen wherever it stands among eight bytes") {
  for (std::size_t size = 1; size < 30; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      for (const char c : {',', '"', '\n', '\r', '\xA2', '\xAC'}) {
        text[at] = c;
        text[size / 2] = c == '"' ? '"' : text[size / 2];
        std::string doubled;
        for (const char one : text)
          doubled += one == '"' ? std::string("\"\"") : std::string(1, one);
        const bool plain = c == '\xA2' || c == '\xAC';
        CHECK(field(text) == (plain ? text : "\"" + doubled + "\""));
        text.assign(size, 'a');
      }
    }
  }
}
