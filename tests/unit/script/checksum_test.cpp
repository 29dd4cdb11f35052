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
  const auto of = [](std::string_view source) {
    return script::checksum(script::normalise(source));
  };
  const std::string plain = of("a\nb\n");
  CHECK(of("a\r\nb\r\n") == plain);
  CHECK(of("a\rb\r") == plain);
  CHECK(of("\xEF\xBB\xBF"
           "a\nb\n") == plain);
  CHECK(of("a\nb") != plain);
  CHECK(of("a\n\nb\n") != plain);
  CHECK(of("a\n b\n") != plain);
  CHECK(script::normalise("a\r\r\nb") == "a\n\nb");
}
