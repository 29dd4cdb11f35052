#include "config/command_output.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.hpp"

namespace luamig::config {
namespace {

std::string read_all(int fd) {
  std::string out;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return out;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

std::string how_it_ended(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return std::strerror(errno);
  }
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  if (WEXITSTATUS(status) == 0) return "";
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

/// The shell with its stdout in `out`; an errno, or 0.
int start(const std::string& command, const std::filesystem::path& directory,
          const environment& env, int out, pid_t& child) {
  std::vector<std::string> pairs;
  for (const auto& [name, value] : env) pairs.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& pair : pairs) envp.push_back(pair.data());
  envp.push_back(nullptr);
  std::string shell = "/bin/sh", option = "-c", text = command;
  const std::array<char*, 4> argv{shell.data(), option.data(), text.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
  const int number =
      ::posix_spawn(&child, shell.c_str(), &actions, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  return number;
}

}  // namespace

command_output run_command(const std::string& command, const std::filesystem::path& directory,
                           const environment& env) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {"", std::strerror(errno)};
  pid_t child = 0;
  const int number = start(command, directory, env, ends[1], child);
  ::close(ends[1]);
  const std::string text = number == 0 ? read_all(ends[0]) : "";
  ::close(ends[0]);
  command_output out;
  out.failure = number == 0 ? how_it_ended(child) : std::strerror(number);
  out.first_line = text::trim(std::string_view(text).substr(0, text.find('\n')));
  if (out.failure.empty() && out.first_line.empty()) out.failure = "printed nothing";
  return out;
}

}  // namespace luamig::config
