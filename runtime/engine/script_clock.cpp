#include "engine/script_clock.hpp"

#include <string>

namespace luamig::engine {
namespace {

std::string shown(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

}  // namespace

std::int64_t steady_now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool is_past(std::chrono::milliseconds limit, std::int64_t since, std::int64_t at) noexcept {
  return limit.count() != 0 && at - since > limit.count() * 1'000'000;
}

error past_limit(time_limit which, const script_limits& limits) {
  error e(errc::limit, "");
  e.kind = "time";
  switch (which) {
    case time_limit::load:
      e.message = "the file took more than " + shown(limits.load) + " to load";
      e.hint = "the top level of a file says what it is: work belongs into upgrade()";
      break;
    case time_limit::total_time:
      e.message = "the script took more than its " + shown(limits.total_time);
      e.hint = "do less in one revision, or raise total_time of [limits] in luamig.toml";
      break;
    default:
      e.message = "the script computed for more than its " + shown(limits.time) +
                  " without a call of the database";
      e.hint = "look for a loop that never ends; or raise time of [limits] in luamig.toml";
  }
  return e;
}

void script_clock::start(time_limit whole) noexcept {
  calls_.store(0);
  began_.store(steady_now());
  computes_.store(began_.load());
  whole_.store(whole);
}

void script_clock::stop() noexcept { whole_.store(time_limit::none); }

time_limit script_clock::passed(const script_limits& limits) noexcept {
  const time_limit whole = whole_.load();
  if (whole == time_limit::none) return whole;
  const bool computes = !in_call();  // before the turns: a call that ends in between is one of them
  const std::int64_t at = steady_now();
  const std::int64_t turns = turns_.load();
  if (seen_.load() != turns) computes_.store(at);
  seen_.store(turns);
  const bool loads = whole == time_limit::load;
  if (is_past(loads ? limits.load : limits.total_time, began_.load(), at)) return whole;
  if (computes && is_past(limits.time, computes_.load(), at)) return time_limit::time;
  return time_limit::none;
}

}  // namespace luamig::engine
