#include "engine/compress.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;

TEST_CASE("compress: texts of every length come back") {
  std::string text;
  for (const std::size_t size : {0, 1, 300, 1023, 1024, 1025, 100'000}) {
    while (text.size() < size) text += "op.execute \"INSERT INTO t VALUES (" + text.substr(0, 7);
    const std::string cut = text.substr(0, size);
    CHECK(engine::decompress(engine::compress(cut)) == cut);
  }
  CHECK(engine::compress(text).size() < text.size() / 2);
}

TEST_CASE("compress: damaged bytes are an error") {
  std::string bytes = engine::compress("a source");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  CHECK_THROWS_AS((void)engine::decompress(bytes), error);
}
