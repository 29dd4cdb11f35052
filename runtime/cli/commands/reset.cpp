#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_reset(context& in) {
  if (in.here.settings().is_protected) {
    throw error{errc::refused,
                "reset is for development, and the environment '" + in.here.settings().env_name +
                    "' is protected",
                "luamig downgrade base"};
  }
  if (!in.here.rows().empty()) {
    in.person.confirm("taking every revision back in " + in.here.where().shown);
  }
  return run_down_and_up(in, prepare_run(in, true), "base", "heads");
}

}  // namespace luamig::cli
