#include "engine/timed_host.hpp"

#include <utility>

#include "engine/session.hpp"

namespace luamig::engine {
namespace {

std::int64_t now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool is_past(std::chrono::milliseconds limit, std::int64_t since, std::int64_t at) noexcept {
  return limit.count() != 0 && at - since > limit.count() * 1'000'000;
}

std::string shown(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

}  // namespace

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
  began_.store(now());
  computes_.store(began_.load());
  whole_.store(whole);
}

void script_clock::stop() noexcept { whole_.store(time_limit::none); }

void script_clock::leave_call() noexcept {
  computes_.store(now());
  calls_.fetch_sub(1);
}

time_limit script_clock::passed(const script_limits& limits) const noexcept {
  const time_limit whole = whole_.load();
  if (whole == time_limit::none) return whole;
  const std::int64_t at = now();
  const bool loads = whole == time_limit::load;
  if (is_past(loads ? limits.load : limits.total_time, began_.load(), at)) return whole;
  if (!in_call() && is_past(limits.time, computes_.load(), at)) return time_limit::time;
  return time_limit::none;
}

/// The clock runs while this lives.
class timed_host::timing {
 public:
  timing(timed_host& of, time_limit whole, session* on) : of_(of) {
    of_.passed_.store(time_limit::none);
    if (on != nullptr) on->count_calls(&of_.clock_);
    of_.on_.store(on);
    of_.clock_.start(whole);
  }
  ~timing() {
    of_.clock_.stop();
    if (session* const on = of_.on_.exchange(nullptr)) on->count_calls(nullptr);
  }
  timing(const timing&) = delete;
  timing& operator=(const timing&) = delete;

 private:
  timed_host& of_;
};

timed_host::timed_host(std::unique_ptr<script_host> scripts, script_limits limits,
                       std::function<void(timed_host*)> announce)
    : scripts_(std::move(scripts)), limits_(limits), announce_(std::move(announce)) {
  announce_(this);
}

timed_host::~timed_host() { announce_(nullptr); }

bool timed_host::look(std::chrono::milliseconds grace) noexcept {
  if (!clock_.runs()) return false;
  if (passed_.load() == time_limit::none) {
    const time_limit passed = clock_.passed(limits_);
    if (passed == time_limit::none) return false;
    passed_at_.store(now());
    passed_.store(passed);
    scripts_->interrupt(-static_cast<int>(passed));
  }
  // Also one that a script which swallows errors begins afterwards.
  session* const on = on_.load();
  if (on != nullptr && clock_.in_call()) on->interrupt();
  const std::int64_t at = now();
  if (!is_past(grace, passed_at_.load(), at)) return false;
  // Killed, it leaves a statement that cannot be cancelled: that is waited for once more as long.
  return !scripts_->kill() || is_past(2 * grace, passed_at_.load(), at);
}

void timed_host::load(const script::script& script, graph::direction way) {
  const timing runs(*this, time_limit::load, nullptr);
  scripts_->load(script, way);
}

void timed_host::run(const step_context& step, session& on) {
  const timing runs(*this, time_limit::total_time, &on);
  try {
    scripts_->run(step, on);
  } catch (error& e) {
    // A file of SQL is interrupted by its statement alone.
    if (passed_.load() != time_limit::none && e.kind == "interrupted") {
      const error why = past_limit(passed_.load(), limits_);
      e.code = why.code;
      e.kind = why.kind;
      e.message = why.message;
      e.hint = why.hint;
    }
    throw;
  }
}

void timed_host::perform(const step_context& step, session& on, std::string_view operation) {
  const timing runs(*this, time_limit::total_time, &on);
  scripts_->perform(step, on, operation);
}

std::string timed_host::required_checksum(const script::script& script) const {
  return scripts_->required_checksum(script);
}

std::vector<std::string> timed_host::consult(std::string_view function,
                                             const std::vector<std::string>& given, session* on) {
  const timing runs(*this, time_limit::total_time, on);
  return scripts_->consult(function, given, on);
}

std::optional<std::string> timed_host::url() {
  const timing runs(*this, time_limit::load, nullptr);
  return scripts_->url();
}

void timed_host::before_step(const step_context& step, session& on) {
  const timing runs(*this, time_limit::total_time, &on);
  scripts_->before_step(step, on);
}

void timed_host::after_step(const step_context& step, session& on) {
  const timing runs(*this, time_limit::total_time, &on);
  scripts_->after_step(step, on);
}

void timed_host::on_error(const step_context& step, const error& what) {
  const timing runs(*this, time_limit::total_time, nullptr);
  scripts_->on_error(step, what);
}

}  // namespace luamig::engine
