#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {

report run_ensure_version(context& in) {
  const bool made = engine::ensure_version(prepare_run(in, true));
  const std::string& table = in.here.settings().version_table;
  return {done_report{"ensure_version", made ? "made " + table : table + " is there"}, {}};
}

}  // namespace luamig::cli
