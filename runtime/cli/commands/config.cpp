#include "cli/commands/all.hpp"
#include "cli/context.hpp"

namespace luamig::cli {

report run_config(context& in) { return {config_report{in.here.entries()}, {}}; }

}  // namespace luamig::cli
