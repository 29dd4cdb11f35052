#include "codec/unicode.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;
using codec::beginning;
using codec::letter_case;

namespace {

std::string in_case(std::string_view text, letter_case to) {
  std::string out;
  return codec::change_case(text, to, out) ? out : "same";
}

}  // namespace

TEST_CASE("unicode: letters of every script have a case") {
  CHECK(in_case("ÄRGER Ñ ÅÉ İ ΣΑΣ Жук DŽ", letter_case::lower) == "ärger ñ åé i σασ жук dž");
  CHECK(in_case("ärger ñ жук ß ŉ", letter_case::upper) == "ÄRGER Ñ ЖУК ẞ ŉ");
  CHECK(in_case("Abc", letter_case::lower) == "abc");
  CHECK(in_case("abc 1", letter_case::lower) == "same");
  CHECK(in_case("äbc", letter_case::lower) == "same");
  CHECK(in_case("", letter_case::upper) == "same");
}

TEST_CASE("unicode: code points are counted") {
  CHECK(codec::count_characters("") == 0);
  CHECK(codec::count_characters("Köln") == 4);
  CHECK(codec::count_characters("e\xcc\x81") == 2);
  CHECK(codec::count_characters("👨‍👩‍👧") == 5);
}

TEST_CASE("unicode: a text is cut between characters") {
  CHECK(beginning("Köln", 2) == "Kö");
  CHECK(beginning("Köln", 4) == "Köln");
  CHECK(beginning("Köln", 0).empty());
  CHECK(beginning("", 3).empty());
  CHECK(beginning("ae\xcc\x81z", 2) == "a");
  CHECK(beginning("ae\xcc\x81z", 3) == "ae\xcc\x81");
  CHECK(beginning("a👨‍👩‍👧b", 5) == "a");
  CHECK(beginning("a👨‍👩‍👧b", 6) == "a👨‍👩‍👧");
  CHECK(beginning("🇩🇪🇫🇷", 3) == "🇩🇪");
  CHECK(beginning("a\r\nb", 2) == "a");
}

TEST_CASE("unicode: what is not UTF-8 is refused with its offset") {
  std::string out;
  for (const char* bad :
       {"ab\xff", "ab\xc3", "ab\xc0\x80", "ab\xed\xa0\x80", "ab\xf4\x90\x80\x80"}) {
    for (int word = 0; word < 3; ++word) {
      try {
        if (word == 0) (void)codec::change_case(bad, letter_case::lower, out);
        if (word == 1) (void)codec::count_characters(bad);
        if (word == 2) (void)beginning(bad, 10);
        FAIL("no error");
      } catch (const error& e) {
        CHECK(e.message == "the text is not UTF-8 at offset 2");
      }
    }
  }
}
