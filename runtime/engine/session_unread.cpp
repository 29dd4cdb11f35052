// Statements whose answers nobody reads: sent one after the other, and not waited for.
#include <algorithm>
#include <utility>

#include "engine/session_attempt.hpp"

namespace luamig::engine {
namespace {

constexpr std::size_t most_places = 64;

bool same_place(const statement& one, const statement& other) {
  return one.line == other.line && one.file == other.file && one.sql == other.sql;
}

}  // namespace

/// The answers of this statement, with those of the same text and place.
db::unread session::answers_of(const statement& s) {
  if (unread_depth_ != levels_.size() || unread_.size() >= most_places) settle_unread();
  unread_depth_ = levels_.size();
  const auto found = std::find_if(unread_.begin(), unread_.end(), [&](const unread_statements& u) {
    return same_place(u.sent, s);
  });
  if (found != unread_.end()) return found->answers;
  unread_.push_back({s, std::make_shared<db::unread_answers>()});
  unread_.back().sent.values.clear();
  return unread_.back().answers;
}

void session::run_unread(const statement& s, const db::statement_facts& facts) {
  const db::unread answers = answers_of(s);
  sink_.ready(s);
  attempt(s, &sink_.reader(), [&] {
    make_way(facts);
    sink_.execute_unread(s, answers);
    return 0;
  });
  ++counters_.statements;
}

bool session::has_unread(std::size_t depth) const noexcept {
  return !unread_.empty() && unread_depth_ >= depth;
}

void session::settle_unread(std::size_t depth) {
  if (!has_unread(depth)) return;
  const counted_call counted(clock_);
  try {
    sink_.reader().flush();
  } catch (error& e) {
    failed_ = unread_.back().sent;
    failed_at_ = unread_depth_;
    blame_unread(e);
    throw;
  }
  for (const unread_statements& u : unread_) {
    if (!u.sent.uncounted) counters_.rows += u.answers->affected;
  }
  unread_.clear();
}

void session::forget_unread(std::size_t depth) noexcept {
  if (has_unread(depth)) unread_.clear();
}

/// An error that came out of a call is about the statement that was not waited for, where it is.
void session::blame_unread(error& e) {
  const auto found = std::find_if(unread_.begin(), unread_.end(),
                                  [](const unread_statements& u) { return u.answers->failed; });
  if (found == unread_.end()) return;
  failed_ = found->sent;
  failed_at_ = unread_depth_;
  e.file = failed_.file;
  e.line = failed_.line;
  unread_.clear();
}

}  // namespace luamig::engine
