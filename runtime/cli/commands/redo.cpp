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

}  // namespace

report run_redo(context& in) {
  const std::string count = step_count(in.args.word(0, "1"));
  confirm_loss(in, "-" + count);
  return run_down_and_up(in, prepare_run(in, false), "-" + count, "");
}

}  // namespace luamig::cli
