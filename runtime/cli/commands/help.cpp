#include "cli/help.hpp"

#include "cli/commands/all.hpp"
#include "cli/context.hpp"

namespace luamig::cli {

report run_help(context& in) {
  const std::string about = in.args.word(0, "");
  if (about.empty()) {
    return {text_report{short_help()}, {}};
  }
  if (about == "exit-codes") {
    return {text_report{std::string(exit_codes())}, {}};
  }
  return {text_report{command_help(require_command(about))}, {}};
}

}  // namespace luamig::cli
