#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/error.hpp"

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

/// The steady clock, in nanoseconds. Both are async-signal-safe.
[[nodiscard]] std::int64_t steady_now() noexcept;
/// Whether a limit that has begun to run at `since` is over at `at`; 0 is none.
[[nodiscard]] bool is_past(std::chrono::milliseconds limit, std::int64_t since,
                           std::int64_t at) noexcept;

/// Since when a script computes: the host says when that begins anew, and whoever watches it looks,
/// a signal's handler or a thread. What began between two looks counts from the second one.
class script_clock {
 public:
  /// What limits the whole, `total_time` or `load`.
  void start(time_limit whole) noexcept;
  void stop() noexcept;
  /// A call of the database begins and ends; they may lie in one another.
  void enter_call() noexcept { add(calls_, 1); }
  void leave_call() noexcept {
    add(turns_, 1);
    add(calls_, -1);
  }
  [[nodiscard]] bool in_call() const noexcept { return calls_.load() > 0; }

  /// Async-signal-safe.
  [[nodiscard]] time_limit passed(const script_limits& limits) noexcept;
  [[nodiscard]] bool runs() const noexcept { return whole_.load() != time_limit::none; }

 private:
  // One thread writes.
  static void add(std::atomic<std::int64_t>& to, std::int64_t n) noexcept {
    to.store(to.load(std::memory_order_relaxed) + n, std::memory_order_release);
  }

  std::atomic<time_limit> whole_{time_limit::none};
  std::atomic<std::int64_t> began_{0};     // ns
  std::atomic<std::int64_t> computes_{0};  // ns: since when, without a call
  std::atomic<std::int64_t> calls_{0};
  std::atomic<std::int64_t> turns_{0};  // how often it began to compute
  std::atomic<std::int64_t> seen_{0};   // of them
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

}  // namespace luamig::engine
