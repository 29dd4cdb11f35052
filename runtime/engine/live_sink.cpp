#include "engine/live_sink.hpp"

#include <chrono>

namespace luamig::engine {

template <class Action>
auto live_sink::timed(const statement& s, Action action) {
  using clock = std::chrono::steady_clock;
  const auto began = clock::now();
  const auto answer = action();
  watching_->statement_ran(s, std::chrono::duration<double>(clock::now() - began).count());
  return answer;
}

std::int64_t live_sink::execute(const statement& s) {
  return timed(s,
               [&] { return s.data ? on_.copy_in(s.sql, *s.data) : on_.execute(s.sql, s.values); });
}

/// On PostgreSQL the time is that of sending it.
void live_sink::execute_unread(const statement& s, const db::unread& answers) {
  timed(s, [&] {
    on_.execute_unread(s.sql, s.values, answers);
    return 0;
  });
}

/// Told as one statement. On PostgreSQL the time is that of sending it.
void live_sink::execute_each(const statement& s, const db::row_block& rows,
                             const db::tally& affected) {
  timed(s, [&] {
    on_.execute_each(s.sql, rows, affected, s.forms);
    return 0;
  });
}

std::optional<std::int64_t> live_sink::execute_with(const statement& s, db::row_program& program) {
  return timed(s, [&] { return on_.execute_with(s.sql, s.values, program); });
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
