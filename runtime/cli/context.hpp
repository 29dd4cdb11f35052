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
};

}  // namespace luamig::cli
