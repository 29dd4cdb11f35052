#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_downgrade(context& in) {
  return run_or_write(in, graph::direction::downgrade, in.args.word(0, "-1"));
}

}  // namespace luamig::cli
