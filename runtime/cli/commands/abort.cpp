#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_abort(context& in) {
  if (in.here.settings().is_protected) {
    in.person.confirm("taking back steps of revision " + in.args.words.front() + " in " +
                      in.here.where().shown + ", which is protected,");
  }
  const engine::run_options options = prepare_run(in, false);
  return finish_run(
      in,
      engine::abort(options, in.here.scripts(), in.here.host(), in.watching, in.args.words.front()),
      "taken back");
}

}  // namespace luamig::cli
