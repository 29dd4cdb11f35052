#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_wait(context& in) {
  wait_for_server(in, duration(in.args.word(0, "30s"), "wait"));
  return {done_report{"wait", in.here.where().shown + " accepts connections"}, {}};
}

}  // namespace luamig::cli
