#include "codec/random.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace luamig;

namespace {

bool has_form(const std::string& uuid, char version) {
  if (uuid.size() != 36 || uuid[14] != version) return false;
  if (std::string("89ab").find(uuid[19]) == std::string::npos) return false;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (uuid[i] == '-')) return false;
    if (!dash && std::string("0123456789abcdef").find(uuid[i]) == std::string::npos) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("uuid: version 4 is random") {
  codec::uuid_source source;
  std::set<std::string> seen;
  for (int i = 0; i < 2000; ++i) {
    const std::string uuid = source.random();
    REQUIRE(has_form(uuid, '4'));
    REQUIRE(seen.insert(uuid).second);
  }
}

TEST_CASE("uuid: version 7 begins with its instant and rises") {
  codec::uuid_source source;
  std::string last;
  for (int i = 0; i < 2000; ++i) {
    const std::string uuid = source.ordered(0x18bcfe56800U);
    REQUIRE(has_form(uuid, '7'));
    REQUIRE(uuid.substr(0, 13) == "018bcfe5-6800");
    REQUIRE(last < uuid);
    last = uuid;
  }
  CHECK(source.ordered(0x18bcfe56801U).substr(0, 13) == "018bcfe5-6801");
  const std::string earlier = source.ordered(0x18bcfe56800U);
  CHECK(earlier.substr(0, 13) == "018bcfe5-6801");
}

TEST_CASE("uuid: two sources give different ones") {
  codec::uuid_source one;
  codec::uuid_source other;
  CHECK(one.random() != other.random());
  CHECK(one.ordered(5) != other.ordered(5));
  CHECK(codec::random_bytes(16) != codec::random_bytes(16));
  CHECK(codec::random_bytes(0).empty());
}
