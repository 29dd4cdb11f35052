#include "engine/part_record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using luamig::engine::number_of_part;

TEST_CASE("part_record: a number is found by its name at the top alone") {
  const std::string_view record =
      "T4:s6:countsT2:s4:doned1:7s4:readd1:1s4:doned2:43s4:lastT1:d1:1e3:100s5:totald3:1e2";
  CHECK(number_of_part(record, "done") == 43);
  CHECK(number_of_part(record, "total") == 100);
  CHECK_FALSE(number_of_part(record, "last"));
  CHECK_FALSE(number_of_part(record, "nothing"));
}

TEST_CASE("part_record: what cannot be read gives nothing") {
  for (const char* record :
       {"", "T", "T1:", "T1:s4:done", "T1:s4:doned9:1", "T1:s4:doned1:x", "T9999999999:s1:an",
        "d1:1", "T1:s4:doned2:-1", "T1:Q4:done", "T1:s99999999999999999999:a"}) {
    CHECK_FALSE(number_of_part(record, "done"));
  }
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "T1:";
  CHECK_FALSE(number_of_part(deep, "done"));
}
