#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "cli/help.hpp"

namespace luamig::cli {

report run_completion(context& in) { return {text_report{completion(in.args.words.front())}, {}}; }

}  // namespace luamig::cli
