// The composition root: the process, its signals and streams, and what the commands are made of.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
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
#include "engine/sql_host.hpp"
#include "engine/timed_host.hpp"
#include "main/own_arguments.hpp"
#include "main/signals.hpp"

namespace {

using luamig::engine::cancel;
namespace own_arguments = luamig::own_arguments;
namespace signals = luamig::signals;

constexpr int internal_error = 1;

/// A closed stream's number would go to the next file or socket, and what is printed into it. What
/// goes to a closed stdout is lost, and must fail as such.
void open_closed_streams() {
  for (int fd = 0; fd <= 2; ++fd) {
    const int how = fd == STDOUT_FILENO ? O_RDONLY : O_RDWR;
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) (void)!::open("/dev/null", how);
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
      .stdlib = stdlib,
      .forked = [limits] { signals::begin_beside(limits); }};
}

/// Leaves it empty where the system makes no process.
void fork_worker(std::optional<luamig::worker::process>& apart, int argc, char** argv) {
  try {
    apart.emplace([=](const luamig::worker::process::inside& in) {
      own_arguments::forget(argc, argv);
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
    signals::start_clock(limits);
    return std::make_unique<luamig::engine::timed_host>(
        luamig::engine::with_sql_files(std::move(lua)), limits,
        [](luamig::engine::timed_host* host) { signals::time(host); });
  };
  with.stop = &stop;
  with.take_up_again = [] { signals::take_up_again(); };
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
    if (own_arguments::may_want_sandbox(argc, argv)) fork_worker(apart, argc, argv);
    std::vector<std::string> arguments(argv + 1, argv + argc);
    own_arguments::hide_passwords(argc, argv);
    const std::string stdlib = own_arguments::take_stdlib(arguments);
    cancel stop;
    luamig::cli::farewell words;
    open_closed_streams();
    signals::hear(stop, words);
    const int status = luamig::cli::run(
        arguments,
        make_services(apart ? &*apart : nullptr, stop, words, out, out_buffer, err, stdlib));
    signals::ignore();
    err.flush();
    return status;
  } catch (const std::exception& problem) {
    err << "error: internal error: " << problem.what()
        << "\n  next    run the same command again; this is a defect of luamig" << std::endl;
    return internal_error;
  }
}
