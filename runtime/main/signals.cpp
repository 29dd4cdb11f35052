#include "main/signals.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <string_view>

namespace luamig::signals {
namespace {

using engine::cancel;

constexpr int grace_seconds = 2;
constexpr std::chrono::milliseconds limit_grace{1000};

// A signal handler has no argument of its own: the one static pointer of the program.
std::atomic<cancel*> to_cancel{nullptr};
std::atomic<cli::farewell*> last_words{nullptr};
std::atomic<engine::timed_host*> to_time{nullptr};
std::atomic<int> first_signal{0};
std::atomic<bool> silent{false};

/// The grace is over. Leaving like this is safe: the database rolls back what was not committed.
[[noreturn]] void leave(const cli::farewell::ending& how) {
  constexpr std::string_view state = "; the database rolls back what was not committed\n";
  if (silent.load()) _exit(how.exit);
  const cli::farewell* const kept = last_words.load();
  if (kept == nullptr || !kept->say(how)) {
    (void)!write(STDERR_FILENO, "\nerror: ", 8);
    (void)!write(STDERR_FILENO, how.error.data(), how.error.size());
    (void)!write(STDERR_FILENO, state.data(), state.size());
  }
  _exit(how.exit);
}

extern "C" void leave_now(int) {
  leave({128 + first_signal.load(), "interrupted", "was interrupted",
         "the script did not stop within 2 s"});
}

extern "C" void look_at_clock(int) {
  const int before = errno;
  engine::timed_host* const host = to_time.load();
  if (host != nullptr && host->look(limit_grace)) {
    leave({1, "limit", "failed and was rolled back",
           "the script went over its time limit and did not stop within 1 s"});
  }
  errno = before;
}

extern "C" void ask_to_end(int signal) {
  const int before = errno;
  if (first_signal.exchange(signal) != 0) {
    _exit(128 + signal);  // asked twice: meant now
  }
  alarm(grace_seconds);
  if (cancel* stop = to_cancel.load()) {
    stop->request(signal);
  }
  errno = before;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  if (signal == SIGVTALRM) action.sa_flags = SA_RESTART;  // it says nothing to whoever waits
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

/// A SIGINT that the shell has us ignore (a job in the background) stays ignored.
void handle_unless_ignored(int signal, void (*handler)(int)) {
  struct sigaction present {};
  sigaction(signal, nullptr, &present);
  if (present.sa_handler != SIG_IGN) {
    handle(signal, handler);
  }
}

void start_clock(const engine::script_limits& limits, bool anew) {
  std::chrono::milliseconds shortest{1000};
  for (const std::chrono::milliseconds limit : {limits.time, limits.total_time, limits.load}) {
    if (limit.count() != 0) shortest = std::min(shortest, limit / 10);
  }
  shortest = std::max(shortest, std::chrono::milliseconds(5));
  static timer_t timer{};  // the process has one
  static bool made = false;
  if (anew) made = false;  // a process that was forked has none of its parent's
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGVTALRM;
  if (!made) made = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
  const timespec every{shortest.count() / 1000, (shortest.count() % 1000) * 1'000'000};
  const itimerspec spec{every, every};
  timer_settime(timer, 0, &spec, nullptr);
}

}  // namespace

void hear(cancel& stop, cli::farewell& words) {
  to_cancel = &stop;
  last_words = &words;
  handle(SIGALRM, leave_now);
  handle(SIGVTALRM, look_at_clock);
  handle_unless_ignored(SIGINT, ask_to_end);
  handle_unless_ignored(SIGTERM, ask_to_end);
  handle(SIGPIPE, SIG_IGN);  // a reader that went away is an errno
  handle(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
}

void ignore() noexcept {
  to_cancel = nullptr;
  last_words = nullptr;
}

void take_up_again() noexcept {
  alarm(0);
  first_signal = 0;
  if (cancel* const stop = to_cancel.load()) stop->forget();
}

void time(engine::timed_host* host) noexcept { to_time = host; }

void start_clock(const engine::script_limits& limits) { start_clock(limits, false); }

void begin_beside(const engine::script_limits& limits) {
  silent = true;
  handle(SIGINT, SIG_IGN);
  handle(SIGHUP, SIG_IGN);
  handle(SIGTERM, ask_to_end);
  start_clock(limits, true);
}

}  // namespace luamig::signals
