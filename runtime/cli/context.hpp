#pragma once

#include "cli/args.hpp"
#include "cli/program.hpp"
#include "cli/project.hpp"
#include "cli/terminal.hpp"

namespace luamig::cli {

/// What a command is given.
struct context {
  const arguments& args;
  const services& with;
  const terminal& person;
  project& here;
  engine::observer& watching;

  /// Whether scripts run in a process of their own.
  [[nodiscard]] bool is_sandboxed() const {
    return with.has_sandbox && here.settings().sandbox != config::settings::sandboxing::off;
  }
};

/// How much of a revision the output will show.
[[nodiscard]] inline detail wanted_detail(const arguments& args) {
  if (args.has("json") || args.value("format") == "json") {
    return detail::path;
  }
  return args.has("verbose") ? detail::notes : detail::line;
}

}  // namespace luamig::cli
