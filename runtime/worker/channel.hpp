#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "worker/packing.hpp"

namespace luamig::worker {

/// The longest message, in bytes.
constexpr std::size_t most_of_a_frame = 64U * 1024 * 1024;

/// A message: what it is about, and its values.
struct frame {
  unsigned char kind = 0;
  std::string bytes;
};

/// One end of a socket on which messages travel: four bytes of length, one of kind, the values.
class channel {
 public:
  explicit channel(int fd) : fd_(fd) {}
  ~channel();
  channel(channel&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        in_(std::move(other.in_)),
        at_(std::exchange(other.at_, 0)) {}
  channel& operator=(channel&&) = delete;

  /// The socket is somebody else's from now on.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  /// Throws bad_frame for one that is too long, and std::system_error where nobody reads.
  void send(unsigned char kind, const packer& values);
  /// The next message; nothing once `until` is past, or when a signal's handler has run. At its end
  /// (the other one is gone) throws std::system_error; bad_frame for one that is too long.
  [[nodiscard]] std::optional<frame> receive(
      std::optional<std::chrono::steady_clock::time_point> until = {});
  /// Whether a whole message has been read already; else the socket is to be looked at.
  [[nodiscard]] bool holds_message() const noexcept;
  [[nodiscard]] int descriptor() const noexcept { return fd_; }
  /// Waits for it, whatever comes.
  [[nodiscard]] frame receive_always();

 private:
  [[nodiscard]] bool wait(std::chrono::steady_clock::time_point until) const;
  bool fill(std::optional<std::chrono::steady_clock::time_point> until);
  [[nodiscard]] std::optional<frame> take();

  int fd_;
  std::string in_;
  std::size_t at_ = 0;
};

}  // namespace luamig::worker
