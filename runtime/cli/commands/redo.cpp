#include <algorithm>

#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {
namespace {

std::string step_count(const std::string& given) {
  const bool digits =
      std::all_of(given.begin(), given.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (given.empty() || !digits || given.find_first_not_of('0') == std::string::npos) {
    throw error{errc::usage, "redo wants a number of revisions from 1, not '" + given + "'"};
  }
  return given;
}

/// Steps back that lead to several places can be taken by name only, which redo does not take.
void require_one_way(context& in, const std::string& target) {
  try {
    (void)graph::plan_downgrade(in.here.graph(), in.here.rows(), target);
  } catch (error& problem) {
    if (problem.kind == "ambiguous_walk") {
      problem.hint = "`luamig downgrade` to the revision below, by its name, then `luamig upgrade`";
    }
    throw;
  }
}

}  // namespace

report run_redo(context& in) {
  const std::string count = step_count(in.args.word(0, "1"));
  require_one_way(in, "-" + count);
  confirm_loss(in, "-" + count);
  return run_down_and_up(in, prepare_run(in, false), "-" + count, "");
}

}  // namespace luamig::cli
