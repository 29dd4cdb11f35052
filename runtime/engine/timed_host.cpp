#include "engine/timed_host.hpp"

#include <utility>

#include "engine/session.hpp"

namespace luamig::engine {
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
    passed_at_.store(steady_now());
    passed_.store(passed);
    scripts_->interrupt(-static_cast<int>(passed));
  }
  // Also one that a script which swallows errors begins afterwards.
  session* const on = on_.load();
  if (on != nullptr && clock_.in_call()) on->interrupt();
  const std::int64_t at = steady_now();
  if (!is_past(grace, passed_at_.load(), at)) return false;
  // Killed, it leaves a statement that cannot be cancelled: that is waited for once more as long.
  return !scripts_->kill() || is_past(2 * grace, passed_at_.load(), at);
}

/// Whoever interrupts the script sees to its own database.
void timed_host::interrupt(int signal) noexcept {
  scripts_->interrupt(signal);
  if (session* const on = on_.load()) on->interrupt_beside();
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

std::optional<std::string> timed_host::enter(const step_context& step, session& on,
                                             const shell_entry& entry) {
  const timing runs(*this, time_limit::total_time, &on);
  return scripts_->enter(step, on, entry);
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
