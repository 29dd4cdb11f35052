#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/channel.hpp"

namespace luamig::worker {

/// What processes that work on one job all see and change, each number by itself.
struct board {
  std::array<std::atomic<std::int64_t>, 8> numbers{};
  std::atomic<bool> ending{false};  ///< who is through with what it does takes up nothing more
};
struct unmap_board {
  void operator()(board* at) const noexcept;
};
using board_owner = std::unique_ptr<board, unmap_board>;
/// Memory that processes forked later see as this one does. Throws std::system_error.
[[nodiscard]] board_owner make_board();

/// Processes that work on one job beside this one: forked, so that each has all that this one has
/// in memory. They end with this one, whatever ends it. To be made while the process has one
/// thread.
class crew {
 public:
  /// What one of them is given: which it is, from 1, and where its messages go.
  struct member {
    std::size_t number;
    channel& to;
  };

  /// Forks `count` processes, which run `body` and end with it. Throws std::system_error, and then
  /// there are none.
  crew(std::size_t count, const std::function<void(const member&)>& body);
  /// Ends those that have not ended.
  ~crew();
  crew(const crew&) = delete;
  crew& operator=(const crew&) = delete;

  /// What was heard of one: a message, or how it ended, in words ("was killed by signal 9"; "" for
  /// the end of its body).
  struct news {
    std::size_t number = 0;
    std::optional<frame> message;
    std::string ended{};
  };
  /// The next news; nothing once `until` is past, or when a signal's handler has run. Throws
  /// bad_frame.
  [[nodiscard]] std::optional<news> listen(std::chrono::steady_clock::time_point until);
  /// How many have not ended.
  [[nodiscard]] std::size_t left() const noexcept;
  /// Asks them by a signal to give up what they do (SIGTERM), or ends them (SIGKILL).
  void signal(int which) noexcept;

 private:
  struct one {
    int pid = -1;
    std::optional<channel> from;  // none: it has ended
  };
  [[nodiscard]] std::optional<news> hear(std::size_t at);
  static std::string end(int pid) noexcept;

  std::vector<one> all_;
};

}  // namespace luamig::worker
