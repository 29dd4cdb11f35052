#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_upgrade(context& in) {
  return run_or_write(in, graph::direction::upgrade, in.args.word(0, "heads"));
}

}  // namespace luamig::cli
