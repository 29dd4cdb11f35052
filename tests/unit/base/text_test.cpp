#include "base/text.hpp"

#include <doctest/doctest.h>

using namespace luamig;

TEST_CASE("text: the nearest word is one slip away, and a far one is none") {
  const std::vector<std::string> words{"nullable", "unique", "index"};
  CHECK(text::nearest("nulable", words) == "nullable");
  CHECK(text::nearest("unqiue", words) == "unique");
  CHECK(text::nearest("banana", words) == std::nullopt);
  CHECK(text::did_you_mean("idx", words).empty());
  CHECK(text::did_you_mean("nulable", words) == " (did you mean 'nullable'?)");
}

TEST_CASE("text: the offset of the first byte that is not UTF-8 is found") {
  CHECK(text::invalid_utf8("grün 🎉") == std::nullopt);
  CHECK(text::invalid_utf8("ab\xff") == 2);
  CHECK(text::invalid_utf8("\xc0\xaf") == 0);          // overlong
  CHECK(text::invalid_utf8("x\xed\xa0\x80") == 1);     // surrogate
  CHECK(text::invalid_utf8("x\xf0\x9f\x8e") == 1);     // cut off
  CHECK(text::invalid_utf8("\xf4\x90\x80\x80") == 0);  // beyond U+10FFFF
}

TEST_CASE("text: control bytes cannot reach a terminal") {
  CHECK(text::escape_controls("a\x1b[31mb\n\tc\x7f") == "a\\x1b[31mb\n\tc\\x7f");
  CHECK(text::escape_controls("\xc2\x9b"
                              "31m ü") == "\\x9b31m ü");
}

TEST_CASE("text: durations and sizes have units, and zero needs none") {
  CHECK(text::parse_duration_ms("60s") == 60'000);
  CHECK(text::parse_duration_ms("1.5h") == 5'400'000);
  CHECK(text::parse_duration_ms("250ms") == 250);
  CHECK(text::parse_duration_ms("0") == 0);
  CHECK(text::parse_duration_ms("60") == std::nullopt);
  CHECK(text::parse_duration_ms("-1s") == std::nullopt);
  CHECK(text::parse_duration_ms("soon") == std::nullopt);
  CHECK(text::parse_size("256MB") == 268'435'456);
  CHECK(text::parse_size("4096") == 4096);
  CHECK(text::parse_size("1 MB") == std::nullopt);
}

TEST_CASE("text: a text is cut at the edge of a character") {
  CHECK(text::shorten("short", 10) == "short");
  CHECK(text::shorten("aaaaaaaaü", 9) == "aaaaaa…");
  CHECK(text::shorten("ääääää", 8) == "ää…");
}

TEST_CASE("text: quoting doubles the quote") {
  CHECK(text::sql_string("it's") == "'it''s'");
  CHECK(text::sql_identifier("a\"b") == "\"a\"\"b\"");
}

TEST_CASE("text: plain ASCII has no NUL and no byte from 0x80, wherever it would stand") {
  CHECK(text::is_plain_ascii(""));
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const int byte : {0x00, 0x01, 0x7F, 0x80, 0x81, 0xFF}) {
        std::string one(size, 'a');
        one[at] = static_cast<char>(byte);
        CAPTURE(size);
        CAPTURE(at);
        CHECK(text::is_plain_ascii(one) == (byte == 0x01 || byte == 0x7F));
      }
    }
  }
}
