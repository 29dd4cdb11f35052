#include "worker/channel.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace luamig::worker {
namespace {

constexpr std::size_t head_size = 5;
constexpr std::size_t room = 256U * 1024;

[[noreturn]] void fail(int why) { throw std::system_error(why, std::generic_category()); }

}  // namespace

channel::~channel() {
  if (fd_ >= 0) ::close(fd_);
}

void channel::send(unsigned char kind, const packer& values) {
  const std::string& bytes = values.bytes();
  if (bytes.size() > most_of_a_frame) throw bad_frame("the message is too long");
  std::array<char, head_size> head{};
  const auto size = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(head.data(), &size, sizeof size);
  head[4] = static_cast<char>(kind);
  std::array<iovec, 2> parts{iovec{head.data(), head.size()},
                             iovec{const_cast<char*>(bytes.data()), bytes.size()}};
  std::size_t first = 0;
  while (first < parts.size()) {
    const ssize_t went = ::writev(fd_, &parts[first], static_cast<int>(parts.size() - first));
    if (went < 0 && errno == EINTR) continue;
    if (went < 0) fail(errno);
    auto left = static_cast<std::size_t>(went);
    while (first < parts.size() && left >= parts[first].iov_len) left -= parts[first++].iov_len;
    if (first == parts.size()) break;
    parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + left;
    parts[first].iov_len -= left;
  }
}

std::optional<frame> channel::take() {
  if (in_.size() - at_ < head_size) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, in_.data() + at_, sizeof size);
  if (size > most_of_a_frame) throw bad_frame("the message is too long");
  if (in_.size() - at_ - head_size < size) return std::nullopt;
  frame out{static_cast<unsigned char>(in_[at_ + 4]), in_.substr(at_ + head_size, size)};
  at_ += head_size + size;
  if (at_ == in_.size()) {
    in_.clear();
    at_ = 0;
    if (in_.capacity() > 4 * room) in_.shrink_to_fit();
  }
  return out;
}

/// Whether there is something to read, or the other end is gone; false for neither in time.
bool channel::wait(std::chrono::steady_clock::time_point until) const {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    const auto ms = std::clamp<std::int64_t>(left.count(), 0, 60'000);
    pollfd end{fd_, POLLIN, 0};
    const int ready = ::poll(&end, 1, static_cast<int>(ms));
    if (ready > 0) return true;
    if (ready < 0 || left.count() <= 60'000) return false;
  }
}

/// Reads what is there, waiting for it; false for none in time.
bool channel::fill(std::optional<std::chrono::steady_clock::time_point> until) {
  if (until && !wait(*until)) return false;
  if (at_ > room) {
    in_.erase(0, at_);
    at_ = 0;
  }
  const std::size_t had = in_.size();
  in_.resize(had + room);
  const ssize_t came = ::read(fd_, in_.data() + had, room);
  const int why = errno;
  in_.resize(had + (came > 0 ? static_cast<std::size_t>(came) : 0));
  if (came > 0) return true;
  if (came == 0) fail(EPIPE);
  if (why == EINTR) return false;
  fail(why);
}

std::optional<frame> channel::receive(std::optional<std::chrono::steady_clock::time_point> until) {
  while (true) {
    if (auto whole = take()) return whole;
    if (!fill(until)) return std::nullopt;
  }
}

bool channel::holds_message() const noexcept {
  if (in_.size() - at_ < head_size) return false;
  std::uint32_t size = 0;
  std::memcpy(&size, in_.data() + at_, sizeof size);
  return in_.size() - at_ - head_size >= size;
}

frame channel::receive_always() {
  while (true) {
    if (auto whole = receive()) return std::move(*whole);
  }
}

}  // namespace luamig::worker
