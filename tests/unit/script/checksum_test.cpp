#include "script/checksum.hpp"

#include <doctest/doctest.h>

using namespace luamig;

TEST_CASE("checksum: it is SHA-256 in hex") {
  CHECK(script::checksum("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(script::checksum("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(script::sha256("abc").size() == 32);
  CHECK(script::sha256("abc").starts_with("\xba\x78"));
}

TEST_CASE("checksum: line ends and a byte order mark make no difference, all else does") {
  const std::string plain = script::checksum("a\nb\n");
  CHECK(script::checksum("a\r\nb\r\n") == plain);
  CHECK(script::checksum("a\rb\r") == plain);
  CHECK(script::checksum("\xEF\xBB\xBF"
                         "a\nb\n") == plain);
  CHECK(script::checksum("a\nb") != plain);
  CHECK(script::checksum("a\n\nb\n") != plain);
  CHECK(script::checksum("a\n b\n") != plain);
  CHECK(script::normalise("a\r\r\nb") == "a\n\nb");
}
