#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_abort(context& in) {
  const engine::run_options options = prepare_run(in, false);
  return finish_run(
      in,
      engine::abort(options, in.here.scripts(), in.here.host(), in.watching, in.args.words.front()),
      "taken back");
}

}  // namespace luamig::cli
