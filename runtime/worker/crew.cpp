#include "worker/crew.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <new>
#include <system_error>

namespace luamig::worker {
namespace {

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category()); }

/// The kernel ends it with its parent; one that was gone before it could be asked to is noticed.
void end_with(int parent) noexcept {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
}

}  // namespace

void unmap_board::operator()(board* at) const noexcept { ::munmap(at, sizeof *at); }

board_owner make_board() {
  void* const shared =
      ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail();
  return board_owner(new (shared) board);
}

crew::crew(std::size_t count, const std::function<void(const member&)>& body) {
  // On the way out of here there is no destructor.
  struct unless_made {
    crew& of;
    bool made = false;
    ~unless_made() {
      if (!made) of.signal(SIGKILL);
    }
  } undo{*this};
  const int parent = ::getpid();
  for (std::size_t number = 1; number <= count; ++number) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail();
    one& made = all_.emplace_back();
    made.from.emplace(ends[0]);
    channel inner(ends[1]);
    made.pid = ::fork();
    if (made.pid < 0) fail();
    if (made.pid == 0) {
      end_with(parent);
      // Nothing of this process may go on as the one that it was made of.
      try {
        body({number, inner});
      } catch (...) {
        ::_exit(1);
      }
      ::_exit(0);
    }
  }
  undo.made = true;
}

crew::~crew() {
  signal(SIGKILL);
  for (const one& o : all_) {
    if (o.from && o.pid > 0) end(o.pid);
  }
}

/// Waits for a process that is about to end.
std::string crew::end(int pid) noexcept {
  int status = 0;
  pid_t done = 0;
  do {
    done = ::waitpid(pid, &status, 0);
  } while (done < 0 && errno == EINTR);
  if (done < 0) return "has ended";
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  const int exit = WEXITSTATUS(status);
  return exit == 0 ? "" : "ended with status " + std::to_string(exit);
}

std::optional<crew::news> crew::hear(std::size_t at) {
  one& from = all_[at];
  try {
    if (auto message = from.from->receive(std::chrono::steady_clock::now())) {
      return news{at + 1, std::move(message)};
    }
    return std::nullopt;
  } catch (const std::system_error&) {  // its end of the socket is closed
  }
  from.from.reset();
  return news{at + 1, std::nullopt, end(from.pid)};
}

std::optional<crew::news> crew::listen(std::chrono::steady_clock::time_point until) {
  // What is in a channel already.
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].from || !all_[i].from->holds_message()) continue;
    if (auto heard = hear(i)) return heard;
  }
  std::vector<pollfd> ends;
  std::vector<std::size_t> whose;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (!all_[i].from) continue;
    ends.push_back({all_[i].from->descriptor(), POLLIN, 0});
    whose.push_back(i);
  }
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
  const auto most = std::clamp<std::int64_t>(wait.count(), 0, 60'000);
  if (::poll(ends.data(), ends.size(), static_cast<int>(most)) <= 0) return std::nullopt;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    if (ends[i].revents == 0) continue;
    if (auto heard = hear(whose[i])) return heard;
  }
  return std::nullopt;
}

std::size_t crew::left() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(all_.begin(), all_.end(), [](const one& o) { return o.from.has_value(); }));
}

void crew::signal(int which) noexcept {
  for (const one& o : all_) {
    if (o.from && o.pid > 0) ::kill(o.pid, which);
  }
}

}  // namespace luamig::worker
