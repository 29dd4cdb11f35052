#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/context.hpp"
#include "cli/part_done.hpp"
#include "engine/progress.hpp"
#include "engine/version_store.hpp"
#include "graph/target.hpp"

namespace luamig::cli {
namespace {

void check_heads(const graph::revision_graph& graph, const std::vector<std::string>& rows,
                 const std::string& shown_url) {
  std::vector<std::string> missing;
  for (const graph::step& step : graph::plan_upgrade(graph, rows, "heads").steps) {
    missing.push_back(step.revision);
  }
  if (!missing.empty()) {
    error problem{errc::difference, "Database is not on all head revisions",
                  "luamig upgrade heads"};
    problem.state_after = shown_url + " lacks " + text::join(missing, ", ");
    throw problem;
  }
}

std::string of_part(const engine::half_done& r) {
  const std::string done = part_done(r);
  return done.empty() ? "" : " (" + done + ")";
}

std::vector<std::string> half_done_lines(engine::progress book) {
  std::vector<std::string> lines;
  for (const engine::half_done& r : book.under_way()) {
    if (r.is_script()) continue;
    const bool up = r.way == graph::direction::upgrade;
    lines.push_back("revision " + r.revision + " is half " + (up ? "applied" : "taken back") +
                    ", " + engine::done_so_far(r.finished, r.in_part) + of_part(r) + ": luamig " +
                    (up ? "upgrade" : "downgrade") + " goes on");
  }
  return lines;
}

}  // namespace

report run_current(context& in) {
  std::vector<std::string> rows;
  std::vector<std::string> half_done;
  if (db::connection* const database = in.here.reader(); database != nullptr) {
    engine::version_store store(*database, in.here.books());
    rows = store.rows();
    if (store.exists()) half_done = half_done_lines({*database, store.where()});
  }
  if (in.args.has("check-heads")) {
    check_heads(in.here.graph(), rows, in.here.where().shown);
  }
  revisions_report body{"current", {}, in.args.has("verbose"), in.here.where().shown};
  body.items = in.here.views(graph::current(in.here.graph(), rows), wanted_detail(in.args), rows);
  return {std::move(body), std::move(half_done)};
}

}  // namespace luamig::cli
