#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

std::string editor(const config::environment& env) {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const auto found = env.find(name);
    if (found != env.end() && !found->second.empty()) {
      return found->second;
    }
  }
  throw error{errc::config, "no editor is set", "set VISUAL or EDITOR"};
}

/// Runs the editor, which may be a command with arguments of its own, and returns its exit status.
int open_with(const std::string& command, const std::string& path) {
  const std::string line = command + " \"$1\"";
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", line.c_str(), "sh", path.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  while (child > 0 && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (child < 0) {
    throw error{errc::config, std::string("cannot start an editor: ") + std::strerror(errno)};
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

report run_edit(context& in) {
  const std::string& symbol = in.args.words.front();
  const std::vector<std::string> rows =
      in.here.rows_for(symbol).value_or(std::vector<std::string>{});
  const auto node = graph::resolve_one(in.here.graph(), symbol, rows);
  if (!node) {
    throw error{errc::graph, "'" + symbol + "' is no revision: there is nothing to edit"};
  }
  in.here.close_reader();
  const std::string command = editor(in.with.env);
  if (open_with(command, in.here.scripts().path(*node).string()) != 0) {
    throw error{errc::config, "'" + command + "' failed", "set VISUAL or EDITOR"};
  }
  return {text_report{}, {}};
}

}  // namespace luamig::cli
