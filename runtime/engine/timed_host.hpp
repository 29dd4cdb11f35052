#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "engine/script_host.hpp"

namespace luamig::engine {

/// How long scripts may take; 0: no limit.
struct script_limits {
  std::chrono::milliseconds time{0};        ///< without coming back from a call of the database
  std::chrono::milliseconds total_time{0};  ///< a whole revision, its statements included
  std::chrono::milliseconds load{30'000};   ///< the top level of a file, and the hook url()
};

/// Which of them has been passed. A script host is told by `interrupt(-static_cast<int>(limit))`,
/// which a signal's number never is.
enum class time_limit : int { none, time, total_time, load };

/// error{errc::limit} with kind "time", without a place.
[[nodiscard]] error past_limit(time_limit which, const script_limits& limits);

/// When a script began to compute: the host says, a signal's handler looks.
class script_clock {
 public:
  /// What limits the whole, `total_time` or `load`.
  void start(time_limit whole) noexcept;
  void stop() noexcept;
  /// A call of the database begins and ends; they may lie in one another.
  void enter_call() noexcept { calls_.fetch_add(1); }
  void leave_call() noexcept;
  [[nodiscard]] bool in_call() const noexcept { return calls_.load() > 0; }

  /// Async-signal-safe.
  [[nodiscard]] time_limit passed(const script_limits& limits) const noexcept;
  [[nodiscard]] bool runs() const noexcept { return whole_.load() != time_limit::none; }

 private:
  std::atomic<time_limit> whole_{time_limit::none};
  std::atomic<std::int64_t> began_{0};     // ns
  std::atomic<std::int64_t> computes_{0};  // ns: since when, without a call
  std::atomic<int> calls_{0};
};

/// A call of the database while it lasts. Null: nobody counts.
class counted_call {
 public:
  explicit counted_call(script_clock* clock) noexcept : clock_(clock) {
    if (clock_ != nullptr) clock_->enter_call();
  }
  ~counted_call() {
    if (clock_ != nullptr) clock_->leave_call();
  }
  counted_call(const counted_call&) = delete;
  counted_call& operator=(const counted_call&) = delete;

 private:
  script_clock* clock_;
};

/// Within such a call the script computes again.
class computing_again {
 public:
  explicit computing_again(script_clock* clock) noexcept : clock_(clock) {
    if (clock_ != nullptr) clock_->leave_call();
  }
  ~computing_again() {
    if (clock_ != nullptr) clock_->enter_call();
  }
  computing_again(const computing_again&) = delete;
  computing_again& operator=(const computing_again&) = delete;

 private:
  script_clock* clock_;
};

/// A script host whose scripts end with errc::limit when they take too long: they are interrupted
/// as by a signal. Somebody has to look at the clock: a timer of the program's, or a thread.
class timed_host final : public script_host {
 public:
  /// `announce` is told where to look, and null before this ends.
  timed_host(std::unique_ptr<script_host> scripts, script_limits limits,
             std::function<void(timed_host*)> announce);
  ~timed_host() override;
  timed_host(const timed_host&) = delete;
  timed_host& operator=(const timed_host&) = delete;

  /// Interrupts the script, or the statement that it waits for, once a limit has been passed. True:
  /// that was `grace` ago, and it runs still, and cannot be killed; or it was killed, and the
  /// statement has not ended in twice that. Async-signal-safe.
  [[nodiscard]] bool look(std::chrono::milliseconds grace) noexcept;

  void load(const script::script& script, graph::direction way) override;
  void run(const step_context& step, session& on) override;
  void perform(const step_context& step, session& on, std::string_view operation) override;
  [[nodiscard]] std::string required_checksum(const script::script& script) const override;
  [[nodiscard]] std::vector<std::string> consult(std::string_view function,
                                                 const std::vector<std::string>& given,
                                                 session* on) override;
  [[nodiscard]] std::optional<std::string> url() override;
  void before_step(const step_context& step, session& on) override;
  void after_step(const step_context& step, session& on) override;
  void on_error(const step_context& step, const error& what) override;
  void interrupt(int signal) noexcept override { scripts_->interrupt(signal); }
  bool kill() noexcept override { return scripts_->kill(); }
  [[nodiscard]] std::string editor_stubs() override { return scripts_->editor_stubs(); }

 private:
  class timing;

  std::unique_ptr<script_host> scripts_;
  script_limits limits_;
  std::function<void(timed_host*)> announce_;
  script_clock clock_;
  std::atomic<session*> on_{nullptr};
  std::atomic<time_limit> passed_{time_limit::none};
  std::atomic<std::int64_t> passed_at_{0};  // ns
};

}  // namespace luamig::engine
