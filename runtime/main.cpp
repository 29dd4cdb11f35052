// The composition root: the process, its signals and streams, and what the commands are made of.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <ctime>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "bindings/lua_host.hpp"
#include "broker/broker_host.hpp"
#include "cli/fd_buffer.hpp"
#include "cli/program.hpp"
#include "config/databases.hpp"
#include "db/mask.hpp"
#include "engine/sql_host.hpp"
#include "engine/timed_host.hpp"

namespace {

using luamig::engine::cancel;

constexpr int internal_error = 1;
constexpr int grace_seconds = 2;
constexpr std::chrono::milliseconds limit_grace{1000};

// A signal handler has no argument of its own: the one static pointer of the program.
std::atomic<cancel*> to_cancel{nullptr};
std::atomic<luamig::cli::farewell*> last_words{nullptr};
std::atomic<luamig::engine::timed_host*> to_time{nullptr};
std::atomic<int> first_signal{0};

/// The grace is over. Leaving like this is safe: the database rolls back what was not committed.
[[noreturn]] void leave(const luamig::cli::farewell::ending& how) {
  constexpr std::string_view state = "; the database rolls back what was not committed\n";
  const luamig::cli::farewell* const kept = last_words.load();
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
  luamig::engine::timed_host* const host = to_time.load();
  if (host != nullptr && host->look(limit_grace)) {
    leave({1, "limit", "failed and was rolled back",
           "the script went over its time limit and did not stop within 1 s"});
  }
  errno = before;
}

/// Has look_at_clock called often enough for the shortest of these limits.
void start_clock(const luamig::engine::script_limits& limits) {
  std::chrono::milliseconds shortest{1000};
  for (const std::chrono::milliseconds limit : {limits.time, limits.total_time, limits.load}) {
    if (limit.count() != 0) shortest = std::min(shortest, limit / 10);
  }
  shortest = std::max(shortest, std::chrono::milliseconds(5));
  static timer_t timer{};  // the process has one
  static bool made = false;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGVTALRM;
  if (!made) made = timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
  const timespec every{shortest.count() / 1000, (shortest.count() % 1000) * 1'000'000};
  const itimerspec spec{every, every};
  timer_settime(timer, 0, &spec, nullptr);
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

/// A closed stream's number would go to the next file or socket, and what is printed into it. What
/// goes to a closed stdout is lost, and must fail as such.
void open_closed_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    const int how = fd == STDOUT_FILENO ? O_RDONLY : O_RDWR;
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) (void)!::open("/dev/null", how);
  }
}

void set_up_signals(cancel& stop, luamig::cli::farewell& words) {
  to_cancel = &stop;
  last_words = &words;
  handle(SIGALRM, leave_now);
  handle(SIGVTALRM, look_at_clock);
  handle_unless_ignored(SIGINT, ask_to_end);
  handle_unless_ignored(SIGTERM, ask_to_end);
  handle(SIGPIPE, SIG_IGN);  // a reader that went away is an errno
  handle(SIGXFSZ, SIG_IGN);  // and so is a file that may not grow
}

/// `--stdlib DIR` runs the Lua half from disk while it is being written: not in the help.
std::string take_stdlib(std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "--stdlib") {
      std::string directory = arguments[i + 1];
      const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
      arguments.erase(at, at + 2);
      return directory;
    }
  }
  return {};
}

/// Passwords leave the process title: everybody on the machine may read it.
void hide_passwords(int argc, char** argv) {
  bool url_follows = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::string_view prefix = url_follows                      ? ""
                                    : argument.starts_with("--url=") ? "--url="
                                    : argument.starts_with("-xurl=") ? "-xurl="
                                    : argument.starts_with("url=")   ? "url="
                                    : argument.starts_with("-u")     ? "-u"
                                                                     : "";
    const bool is_url = url_follows || !prefix.empty();
    const std::string_view text = argument.substr(prefix.size());
    for (const luamig::db::secret& found :
         is_url ? luamig::db::secrets_of_url(text) : luamig::db::secrets_in(text)) {
      std::memset(argv[i] + prefix.size() + found.at, '*', found.size);
    }
    url_follows = argument == "-u" || argument == "--url";
  }
}

bool is_one_place(int one, int other) {
  struct stat a {};
  struct stat b {};
  return fstat(one, &a) == 0 && fstat(other, &b) == 0 && a.st_dev == b.st_dev &&
         a.st_ino == b.st_ino;
}

/// What op.database("name") opens: limits as the main database has them.
luamig::engine::second_place second_place(const luamig::config::settings& settings,
                                          std::string_view name) {
  luamig::engine::second_place place;
  place.name = name;
  place.where =
      luamig::config::read_database(settings, luamig::config::process_environment(), name);
  place.how.extensions = settings.sqlite_extensions;
  place.how.busy_wait = settings.lock_wait;
  place.how.lock_timeout = settings.lock_timeout;
  if (place.where.kind == luamig::db::engine::postgresql) {
    place.how.statement_timeout = settings.statement_timeout;
  }
  return place;
}

luamig::engine::script_limits limits_of(const luamig::config::settings& settings) {
  luamig::engine::script_limits limits{.time = settings.time_limit,
                                       .total_time = settings.total_time_limit};
  if (limits.time.count() != 0) limits.load = std::min(limits.load, limits.time);
  return limits;
}

luamig::bindings::lua_host_options lua_options(const luamig::config::settings& settings,
                                               const luamig::engine::script_limits& limits,
                                               const std::string& stdlib) {
  return {
      .migrations = settings.migrations,
      .memory_limit = settings.memory_limit,
      .limits = limits,
      .x = settings.x,
      .secret = [secrets = settings.secrets](
                    std::string_view name) { return luamig::config::read_secret(secrets, name); },
      .second_place = [settings](std::string_view name) { return second_place(settings, name); },
      .stdlib = stdlib};
}

/// Whether the command line may ask for a process for the scripts, by itself or by a dry run. It is
/// forked first of all, before anything is in memory that a script is not to see, so the arguments
/// are only glanced at.
bool may_want_sandbox(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const std::string_view argument) {
    return argument.starts_with("--sandbox") || argument.starts_with("--dry-run") ||
           argument.starts_with("--measure");
  });
}

/// All that the process was called with, but for its name: a URL among it may hold a password.
void forget_arguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) std::memset(argv[i], 0, std::strlen(argv[i]));
}

/// Leaves it empty where the system makes no process.
void fork_worker(std::optional<luamig::worker::process>& apart, int argc, char** argv) {
  try {
    apart.emplace([=](const luamig::worker::process::inside& in) {
      forget_arguments(argc, argv);
      luamig::broker::work(in);
    });
  } catch (const std::system_error&) {  // told where it is wanted: the arguments are not read yet
  }
}

/// The scripts were to run in a process of their own, and there is none.
void go_without_worker(bool required, luamig::engine::observer& watching) {
  const std::string what = "the system makes no process for the scripts";
  if (required) {
    throw luamig::error{luamig::errc::refused, "--sandbox=require: " + what,
                        "--sandbox goes without it"};
  }
  watching.message(luamig::engine::observer::level::warning,
                   what + ": they run in luamig's own, without the sandbox");
}

luamig::cli::services make_services(luamig::worker::process* apart, cancel& stop,
                                    luamig::cli::farewell& words, std::ostream& out,
                                    const luamig::cli::fd_buffer& sink, std::ostream& err,
                                    const std::string& stdlib) {
  luamig::cli::services with;
  with.make_host = [stdlib, apart](const luamig::config::settings& settings,
                                   luamig::engine::observer& watching) {
    const luamig::engine::script_limits limits = limits_of(settings);
    std::unique_ptr<luamig::engine::script_host> lua;
    luamig::bindings::lua_host_options options = lua_options(settings, limits, stdlib);
    using sandboxing = luamig::config::settings::sandboxing;
    const bool wanted = settings.sandbox != sandboxing::off;
    if (wanted && apart == nullptr) {
      go_without_worker(settings.sandbox == sandboxing::required, watching);
    }
    if (!wanted || apart == nullptr) {
      lua = luamig::bindings::make_lua_host(std::move(options), watching);
    } else {
      lua = luamig::broker::make_broker_host(*apart, std::move(options), watching,
                                             settings.sandbox == sandboxing::required);
    }
    start_clock(limits);
    return std::make_unique<luamig::engine::timed_host>(
        luamig::engine::with_sql_files(std::move(lua)), limits,
        [](luamig::engine::timed_host* host) { to_time = host; });
  };
  with.stop = &stop;
  with.last_words = &words;
  with.out = &out;
  with.sink = &sink;
  with.err = &err;
  with.in = &std::cin;
  with.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  with.err_is_terminal = isatty(STDERR_FILENO) == 1;
  with.one_place = is_one_place(STDOUT_FILENO, STDERR_FILENO);
  with.in_is_terminal = isatty(STDIN_FILENO) == 1;
  with.has_sandbox = apart != nullptr;
  with.env = luamig::config::process_environment();
  return with;
}

}  // namespace

int main(int argc, char** argv) {
  std::optional<luamig::worker::process> apart;
  luamig::cli::fd_buffer out_buffer(STDOUT_FILENO);
  luamig::cli::fd_buffer err_buffer(STDERR_FILENO);
  std::ostream out(&out_buffer);
  std::ostream err(&err_buffer);
  try {
    if (may_want_sandbox(argc, argv)) fork_worker(apart, argc, argv);
    std::vector<std::string> arguments(argv + 1, argv + argc);
    hide_passwords(argc, argv);
    const std::string stdlib = take_stdlib(arguments);
    cancel stop;
    luamig::cli::farewell words;
    open_closed_streams();
    set_up_signals(stop, words);
    const int status = luamig::cli::run(
        arguments,
        make_services(apart ? &*apart : nullptr, stop, words, out, out_buffer, err, stdlib));
    to_cancel = nullptr;
    last_words = nullptr;
    err.flush();
    return status;
  } catch (const std::exception& problem) {
    err << "error: internal error: " << problem.what()
        << "\n  next    run the same command again; this is a defect of luamig" << std::endl;
    return internal_error;
  }
}
