#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "engine/version_store.hpp"
#include "graph/target.hpp"
#include "script/header.hpp"

namespace luamig::cli {

namespace {

/// The source that the books keep of a revision, where a database can be asked.
std::optional<std::string> kept_source(context& in, const std::string& revision) {
  if (!in.here.has_url()) {
    return std::nullopt;
  }
  try {
    db::connection* database = in.here.reader();
    if (database == nullptr) return std::nullopt;
    return engine::version_store(*database, in.here.books()).source(revision);
  } catch (const error& problem) {
    if (problem.code != errc::connection) throw;
    return std::nullopt;
  }
}

/// A revision whose file is gone, as it was when it was applied.
report show_kept(context& in, std::string source) {
  const std::string origin = "the books of " + in.here.where().shown;
  const script::header head = script::scan_kept(source, origin);
  revision_view lost;
  lost.revision = head.revision;
  lost.message = head.message;
  lost.notes = head.notes;
  lost.down_revision = head.down_revision;
  lost.depends_on = head.depends_on;
  lost.branch_labels = head.branch_labels;
  lost.merge_point = head.down_revision.size() > 1;
  lost.state = "missing";
  show_report body;
  body.items.push_back(std::move(lost));
  body.source = std::move(source);
  body.with_block = !in.args.has("source");
  return {std::move(body), {}};
}

}  // namespace

report run_show(context& in) {
  const std::string& symbol = in.args.words.front();
  if (!graph::may_name(in.here.graph(), symbol)) {
    if (std::optional<std::string> source = kept_source(in, symbol)) {
      return show_kept(in, *std::move(source));
    }
  }
  explain_short_prefix(in, symbol);
  const known_rows rows = in.here.rows_for(symbol);
  const std::vector<graph::node> nodes =
      graph::resolve(in.here.graph(), symbol, rows ? *rows : std::vector<std::string>{});
  if (nodes.empty() && !rows) {
    throw error{errc::graph, "'" + symbol + "' is no revision: there is nothing to show"};
  }
  if (nodes.empty()) in.person.say("no revision is applied");
  show_report body;
  body.items = in.here.views(nodes, detail::notes, rows);
  if (in.args.has("source")) {
    body.source.emplace();
    for (const graph::node n : nodes) {
      *body.source += file::read(in.here.scripts().path(n));
    }
  }
  return {std::move(body), {}};
}

}  // namespace luamig::cli
