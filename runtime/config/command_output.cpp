#include "config/command_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::config {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t most_of_stderr = 400;  // in a message

/// A file descriptor that closes itself.
class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() { close(); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  void close() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

/// What the command writes to one of its streams, up to a number of bytes.
class stream {
 public:
  explicit stream(std::size_t most) : most_(most) {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) ends_ = {-1, -1};
  }
  ~stream() {
    close_writing();
    if (ends_[0] >= 0) ::close(ends_[0]);
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  [[nodiscard]] int writing() const noexcept { return ends_[1]; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] pollfd polled() const noexcept { return {at_end_ ? -1 : ends_[0], POLLIN, 0}; }

  void start_reading() {
    close_writing();
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  /// Takes what is there now.
  void drain() {
    std::array<char, 4096> buffer{};
    while (!at_end_) {
      const ssize_t n = ::read(ends_[0], buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      at_end_ = n == 0 || (n < 0 && errno != EAGAIN);
      if (n <= 0) return;
      text_.append(buffer.data(), static_cast<std::size_t>(n));
      over_ = over_ || text_.size() > most_;
      if (over_) text_.resize(most_);
    }
  }

 private:
  void close_writing() {
    if (ends_[1] >= 0) ::close(std::exchange(ends_[1], -1));
  }

  std::array<int, 2> ends_{-1, -1};
  std::size_t most_;
  std::string text_;
  bool at_end_ = false;
  bool over_ = false;
};

/// Signals arrive while we wait, and at no other instant: none is missed. The command has the mask
/// from before.
class held_signals {
 public:
  held_signals() {
    sigset_t asking{};
    ::sigemptyset(&asking);
    ::sigaddset(&asking, SIGINT);
    ::sigaddset(&asking, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &asking, &before_);
  }
  ~held_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  held_signals(const held_signals&) = delete;
  held_signals& operator=(const held_signals&) = delete;
  [[nodiscard]] const sigset_t& before() const noexcept { return before_; }

 private:
  sigset_t before_{};
};

/// The shell, leader of a process group of its own; an errno, or 0.
int start(const std::string& command, const std::filesystem::path& directory,
          const environment& env, const std::array<int, 2>& streams, const sigset_t& signals,
          pid_t& child) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : env) pairs.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& pair : pairs) envp.push_back(pair.data());
  envp.push_back(nullptr);
  std::string shell = "/bin/sh", option = "-c", text = command;
  const std::array<char*, 4> argv{shell.data(), option.data(), text.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, streams[0], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, streams[1], STDERR_FILENO);
  ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  ::posix_spawnattr_setsigmask(&attributes, &signals);
  const int number =
      ::posix_spawn(&child, shell.c_str(), &actions, &attributes, argv.data(), envp.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return number;
}

/// A command that runs.
class running {
 public:
  running(pid_t child, stream& out, stream& err) : child_(child), out_(out), err_(err) {}

  /// Until its end: why it did not go well, or "".
  std::string wait(const command_limits& most, const sigset_t& signals) {
    const descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)));
    const auto give_up = clock::now() + most.time;
    std::string why;
    while (why.empty()) {
      std::array<pollfd, 3> watched{out_.polled(), err_.polled(), pollfd{ended.get(), POLLIN, 0}};
      why = wait_once(watched, give_up, most, signals);
      out_.drain();
      err_.drain();
      if (why.empty() && out_.over()) why = "printed more than " + size_text(most.bytes);
      if (watched[2].revents != 0) break;
    }
    if (!why.empty()) ::kill(-child_, SIGKILL);
    const std::string status = status_of_end();
    return why.empty() ? status : why;
  }

 private:
  static std::string size_text(std::size_t bytes) { return std::to_string(bytes / 1024) + " KB"; }

  static std::string time_text(std::chrono::milliseconds time) {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(time);
    return whole == time ? std::to_string(whole.count()) + " s"
                         : std::to_string(time.count()) + " ms";
  }

  static std::string wait_once(std::array<pollfd, 3>& watched, clock::time_point give_up,
                               const command_limits& most, const sigset_t& signals) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(give_up - clock::now());
    const std::string late = "did not end within " + time_text(most.time);
    if (left.count() <= 0) return late;
    const timespec wait{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    const int ready = ::ppoll(watched.data(), watched.size(), &wait, &signals);
    if (ready == 0) return late;
    return ready < 0 ? "was interrupted" : "";
  }

  std::string status_of_end() const {
    int status = 0;
    while (::waitpid(child_, &status, 0) < 0) {
      if (errno != EINTR) return std::strerror(errno);
    }
    if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
    if (WEXITSTATUS(status) == 0) return "";
    return "ended with status " + std::to_string(WEXITSTATUS(status));
  }

  pid_t child_;
  stream& out_;
  stream& err_;
};

}  // namespace

command_output run_command(const std::string& command, const std::filesystem::path& directory,
                           const environment& env, const command_limits& most) {
  stream out(most.bytes);
  stream err(most.bytes);
  const held_signals held;
  pid_t child = 0;
  const int number =
      start(command, directory, env, {out.writing(), err.writing()}, held.before(), child);
  if (number != 0) return {"", std::strerror(number)};
  out.start_reading();
  err.start_reading();
  command_output made;
  made.failure = running(child, out, err).wait(most, held.before());
  const std::string_view printed = out.text();
  made.first_line = text::trim(printed.substr(0, printed.find('\n')));
  if (made.failure.empty() && made.first_line.empty()) made.failure = "printed nothing";
  const std::string said = db::mask(text::trim(err.text()));
  if (!made.failure.empty() && !said.empty()) {
    made.failure += ": " + text::shorten(said, most_of_stderr);
  }
  return made;
}

}  // namespace luamig::config
