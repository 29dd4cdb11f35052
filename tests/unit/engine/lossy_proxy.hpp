#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/temporary_directory.hpp"

namespace luamig::test {

/// Stands between a client and a PostgreSQL server on unix sockets, and can break the first
/// connection that says COMMIT: before the server hears it, or after the server has answered.
class lossy_proxy {
 public:
  enum class loss { request, reply };

  lossy_proxy(std::string server_directory, loss what)
      : server_(std::move(server_directory) + "/.s.PGSQL.5432"), what_(what) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(directory_ + "/.s.PGSQL.5432");
    ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(listener_, 16);
    threads_.emplace_back([this] { accept_all(); });
  }
  ~lossy_proxy() {
    over_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    threads_.front().join();
    for (std::size_t i = 1; i < threads_.size(); ++i) threads_[i].join();
    ::close(listener_);
  }
  lossy_proxy(const lossy_proxy&) = delete;
  lossy_proxy& operator=(const lossy_proxy&) = delete;

  [[nodiscard]] const std::string& directory() const { return directory_; }
  [[nodiscard]] bool has_lost() const { return lost_; }

 private:
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
  }

  void accept_all() {
    while (!over_) {
      const int client = ::accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      threads_.emplace_back([this, client] { carry(client); });
    }
  }

  static bool pass(int from, int to, std::string& seen) {
    std::array<char, 65536> buffer{};
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n <= 0) return false;
    seen.assign(buffer.data(), static_cast<std::size_t>(n));
    return to < 0 || ::write(to, buffer.data(), static_cast<std::size_t>(n)) == n;
  }

  void carry(int client) {
    const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(server_);
    ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    std::array<pollfd, 2> ends{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    bool open = true;
    while (open && !over_ && ::poll(ends.data(), ends.size(), 50) >= 0) {
      std::string seen;
      if (ends[0].revents != 0) {
        std::array<char, 65536> peek{};
        const ssize_t n = ::recv(client, peek.data(), peek.size(), MSG_PEEK);
        const bool commits =
            n > 0 && std::string_view(peek.data(), static_cast<std::size_t>(n)).find("COMMIT") !=
                         std::string_view::npos;
        if (commits && !lost_.exchange(true)) {
          if (what_ == loss::reply && pass(client, server, seen)) pass(server, -1, seen);
          break;
        }
        open = pass(client, server, seen);
      }
      if (open && ends[1].revents != 0) open = pass(server, client, seen);
    }
    ::close(client);
    ::close(server);
  }

  testing::temporary_directory temporary_;
  std::string directory_ = temporary_.path().string();
  std::string server_;
  loss what_;
  int listener_ = -1;
  std::atomic<bool> over_{false};
  std::atomic<bool> lost_{false};
  std::vector<std::thread> threads_;
};

}  // namespace luamig::test
