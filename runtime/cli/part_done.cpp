#include "cli/part_done.hpp"

#include <algorithm>

#include "cli/effects.hpp"

namespace luamig::cli {

std::string part_done(const engine::half_done& of) {
  if (of.rows == 0) return "";
  if (of.of_rows < of.rows) return grouped(of.rows) + (of.rows == 1 ? " row" : " rows");
  constexpr std::int64_t most = 99;  // it is not done
  return std::to_string(std::min(of.rows * 100 / of.of_rows, most)) + " %";
}

}  // namespace luamig::cli
