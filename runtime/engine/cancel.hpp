#pragma once

#include <atomic>

namespace luamig::db {
class connection;
}

namespace luamig::engine {

class script_host;

/// A request to end a run, from a signal handler or another thread: it ends the running statement
/// and the running script, and the migrator rolls back with error{errc::interrupted}.
class cancel {
 public:
  /// Async-signal-safe. `signal` is kept for the exit status.
  void request(int signal) noexcept;
  [[nodiscard]] int requested() const noexcept { return signal_.load(); }
  /// What was requested has been done.
  void forget() noexcept { signal_.store(0); }
  /// Throws error{errc::interrupted} once it was requested.
  void check() const;

  /// What is to be interrupted now; null for nothing. The migrator's affair.
  void watch(db::connection* connection, script_host* host) noexcept;

 private:
  std::atomic<int> signal_{0};
  std::atomic<db::connection*> connection_{nullptr};
  std::atomic<script_host*> host_{nullptr};
};

}  // namespace luamig::engine
