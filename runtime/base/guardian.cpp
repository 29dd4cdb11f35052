#include "base/guardian.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>

namespace luamig {
namespace {

/// Nothing of the parent's stays open: a reader of its output, or the server behind a socket, would
/// wait for this process too.
void let_go_of_all_but(int kept) {
  for (int fd = 0; fd <= 2; ++fd) {
    ::close(fd);
    (void)!::open("/dev/null", O_RDWR);
  }
  if (kept > 3) ::close_range(3, static_cast<unsigned>(kept) - 1, 0);
  ::close_range(static_cast<unsigned>(kept) + 1, ~0U, 0);
}

[[noreturn]] void stay_behind(int pipe, const std::function<void()>& clean_up) {
  ::setsid();
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGALRM}) ::signal(signal, SIG_IGN);
  let_go_of_all_but(pipe);
  char word = 0;
  const bool all_well = ::read(pipe, &word, 1) == 1;
  if (all_well) ::_exit(0);
  try {
    clean_up();
  } catch (const std::exception&) {
    ::_exit(1);
  }
  ::_exit(0);
}

}  // namespace

guardian::guardian(std::function<void()> clean_up) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[1]);
    stay_behind(ends[0], clean_up);
  }
  ::close(ends[0]);
  pipe_ = ends[1];
}

guardian::~guardian() {
  if (pipe_ < 0) return;
  (void)!::write(pipe_, "", 1);
  ::close(pipe_);
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

}  // namespace luamig
