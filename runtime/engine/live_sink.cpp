#include "engine/live_sink.hpp"

#include <chrono>

namespace luamig::engine {

template <class Action>
auto live_sink::timed(const statement& s, Action action) {
  using clock = std::chrono::steady_clock;
  const auto began = clock::now();
  const auto answer = action();
  watching_.statement_ran(s, std::chrono::duration<double>(clock::now() - began).count());
  return answer;
}

std::int64_t live_sink::execute(const statement& s) {
  return timed(s,
               [&] { return s.data ? on_.copy_in(s.sql, *s.data) : on_.execute(s.sql, s.values); });
}

/// Told as one statement.
std::int64_t live_sink::execute_each(const statement& s, std::span<const value> all,
                                     std::size_t width) {
  return timed(s, [&] {
    std::int64_t affected = 0;
    for (; !all.empty(); all = all.subspan(width)) {
      affected += on_.execute(s.sql, all.first(width));
    }
    return affected;
  });
}

/// The time is that of the first rows: of a loop the rest is the script's.
db::cursor live_sink::open(const statement& s, bool streaming) {
  return timed(s, [&] { return on_.open(s.sql, s.values, streaming); });
}

void live_sink::rewrite(const statement& s, const db::stored_text& as) {
  timed(s, [&] {
    on_.tables()->rewrite(as);
    return 0;
  });
}

void live_sink::rebuild(bool begins) {
  if (begins) {
    on_.tables()->begin_rebuild();
  } else {
    on_.tables()->end_rebuild();
  }
}

}  // namespace luamig::engine
