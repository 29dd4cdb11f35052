#include "worker/process.hpp"

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <system_error>

namespace luamig::worker {
namespace {

[[noreturn]] void fail() { throw std::system_error(errno, std::generic_category()); }

/// Overwritten, not only forgotten: they hold passwords.
void forget_environment() {
  for (char** at = ::environ; at != nullptr && *at != nullptr; ++at) {
    std::memset(*at, 0, std::strlen(*at));
  }
  ::clearenv();
}

}  // namespace

void process::unmap::operator()(std::atomic<int>* at) const noexcept { ::munmap(at, sizeof *at); }

process::process(const std::function<void(const inside&)>& body) {
  void* const shared = ::mmap(nullptr, sizeof(std::atomic<int>), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail();
  why_.reset(new (shared) std::atomic<int>(0));
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) fail();
  to_.emplace(ends[0]);
  channel inner(ends[1]);
  const int parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) fail();
  if (pid_ == 0) {
    ::close(ends[0]);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGALRM, SIGPIPE}) {
      ::signal(signal, SIG_IGN);  // the parent's affair
    }
    forget_environment();
    body({inner.release(), parent, why_.get()});
    ::_exit(0);
  }
}

process::~process() { end(); }

void process::stop(int why) noexcept {
  if (ended_.load()) return;
  why_->store(why);
  ::kill(pid_, SIGUSR1);
}

void process::kill() noexcept {
  if (!ended_.load()) ::kill(pid_, SIGKILL);
}

std::string process::end(bool dying) {
  if (ended_.exchange(true)) return "has ended";
  int status = 0;
  pid_t done = ::waitpid(pid_, &status, WNOHANG);
  // One that has closed its socket is about to end.
  for (int i = 0; done == 0 && dying && i < 100; ++i) {
    ::poll(nullptr, 0, 1);
    done = ::waitpid(pid_, &status, WNOHANG);
  }
  if (done == 0) {
    ::kill(pid_, SIGKILL);
    do {
      done = ::waitpid(pid_, &status, 0);
    } while (done < 0 && errno == EINTR);
  }
  if (done < 0) return "has ended";
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace luamig::worker
