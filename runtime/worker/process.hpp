#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "worker/channel.hpp"

namespace luamig::worker {

/// A child process that runs `body` and ends with it. It has no variable of the environment.
class process {
 public:
  /// What the child is given: its end of the socket, its parent, and where the reason to stop is
  /// read once SIGUSR1 has come.
  struct inside {
    int socket;
    int parent;
    std::atomic<int>* why;
  };

  /// Forks. Throws std::system_error.
  explicit process(const std::function<void(const inside&)>& body);
  /// Ends the child, if it has not ended.
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  [[nodiscard]] channel& to() noexcept { return *to_; }
  /// Gives it a reason to stop, and SIGUSR1. Async-signal-safe.
  void stop(int why) noexcept;
  /// Ends it at once; `end` then says how. Async-signal-safe.
  void kill() noexcept;
  /// Ends it, and says how it ended: "was killed by signal 11", "ended with status 1".
  /// `dying`: its end of the socket is closed, and it is waited for a moment.
  std::string end(bool dying = false);
  [[nodiscard]] bool ended() const noexcept { return ended_; }

 private:
  int pid_ = -1;
  struct unmap {
    void operator()(std::atomic<int>* at) const noexcept;
  };
  std::unique_ptr<std::atomic<int>, unmap> why_;  // both processes see it
  std::optional<channel> to_;
  std::atomic<bool> ended_{false};
};

}  // namespace luamig::worker
