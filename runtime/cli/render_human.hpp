#pragma once

#include "cli/report.hpp"
#include "cli/terminal.hpp"

namespace luamig::cli {

/// Prints a report for people: data on stdout, words about it on stderr.
void render_human(const report& what, const terminal& to);

}  // namespace luamig::cli
