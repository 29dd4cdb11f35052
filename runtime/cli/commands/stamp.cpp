#include "base/error.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"

namespace luamig::cli {
namespace {

/// The stamp as SQL, from the rows that the database holds (none: from base).
report write_stamp(context& in) {
  if (in.args.has("json")) {
    throw error{errc::usage, "--sql and --json exclude each other"};
  }
  const graph::plan plan =
      engine::write_stamp(in.here.run_options(false), in.here.scripts(), in.here.rows(),
                          in.args.words, in.args.has("purge"), in.person.out());
  return {text_report{}, plan.warnings};
}

/// What a wrong row costs is seen at the next run: revisions run twice, or never.
void confirm_stamp(context& in) {
  if (!in.here.settings().is_protected) return;
  const graph::plan plan =
      graph::plan_stamp(in.here.graph(), in.here.rows(), in.args.words, in.args.has("purge"));
  in.here.close_reader();
  if (plan.steps.empty()) return;
  in.person.confirm("stamping the protected environment '" + in.here.settings().env_name + "' (" +
                    in.here.where().shown + ")");
}

}  // namespace

report run_stamp(context& in) {
  for (const std::string& symbol : in.args.words) {
    explain_short_prefix(in, symbol);
  }
  if (in.args.has("sql")) {
    return write_stamp(in);
  }
  confirm_stamp(in);
  return finish_run(in,
                    engine::stamp(prepare_run(in, true), in.here.scripts(), in.watching,
                                  in.args.words, in.args.has("purge")),
                    "stamped");
}

}  // namespace luamig::cli
