#include <ostream>

#include "base/error.hpp"
#include "base/version.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "engine/book_sql.hpp"
#include "engine/identity.hpp"
#include "engine/version_store.hpp"

namespace luamig::cli {
namespace {

engine::history_entry stamped(const graph::step& step) {
  engine::history_entry entry;
  entry.revision = step.revision.empty() ? "base" : step.revision;
  entry.direction = "stamp";
  entry.outcome = "stamped";
  entry.luamig = version;
  engine::identity self = engine::this_process();
  entry.who = std::move(self.user);
  entry.host = std::move(self.host);
  return entry;
}

/// The stamp as SQL, from the rows that the database holds (none: from base).
report write_stamp(context& in) {
  if (in.args.has("json")) {
    throw error{errc::usage, "--sql and --json exclude each other"};
  }
  const graph::plan plan =
      graph::plan_stamp(in.here.graph(), in.here.rows(), in.args.words, in.args.has("purge"));
  const engine::book_sql books(in.here.where().kind, in.here.books());
  std::ostream& out = in.person.out();
  out << "BEGIN;\n";
  for (const std::string& sql : books.create()) {
    out << sql << ";\n";
  }
  for (const graph::step& step : plan.steps) {
    for (const std::string& sql : books.edit(step)) {
      out << sql << ";\n";
    }
    out << books.record(stamped(step)) << ";\n";
  }
  out << "COMMIT;\n";
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
