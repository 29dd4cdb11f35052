#pragma once

#include <sstream>
#include <string>

#include "cli/terminal.hpp"

/// Two texts in place of a terminal.
struct screen {
  explicit screen(const std::vector<std::string>& line = {}, bool is_terminal = false) {
    with.out = &out;
    with.err = &err;
    with.in = &in;
    with.out_is_terminal = with.err_is_terminal = with.in_is_terminal = is_terminal;
    args = luamig::cli::parse(line);
  }
  [[nodiscard]] luamig::cli::terminal terminal() const { return {args, with}; }

  std::ostringstream out;
  std::ostringstream err;
  std::istringstream in;
  luamig::cli::services with;
  luamig::cli::arguments args;
};
