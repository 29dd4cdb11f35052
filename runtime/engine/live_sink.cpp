#include "engine/live_sink.hpp"

#include <chrono>

namespace luamig::engine {

std::int64_t live_sink::execute(const statement& s) {
  using clock = std::chrono::steady_clock;
  const auto began = clock::now();
  const std::int64_t affected = on_.execute(s.sql, s.values);
  watching_.statement_ran(s, std::chrono::duration<double>(clock::now() - began).count());
  return affected;
}

}  // namespace luamig::engine
