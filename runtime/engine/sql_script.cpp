// `--sql`: the road of an upgrade with a text behind the session's door.
#include <sstream>

#include "base/version.hpp"
#include "engine/identity.hpp"
#include "engine/migrator.hpp"
#include "engine/runner.hpp"
#include "engine/text_sink.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

std::string describe_move(const graph::step& step, graph::direction way,
                          const script::script& script) {
  const auto shown = [](const std::vector<std::string>& ids) {
    return ids.empty() ? std::string("<base>") : ids.front();
  };
  const std::string parents = shown(script.head.down_revision);
  return std::string(graph::name(way)) + " " +
         (way == graph::direction::upgrade ? parents + " -> " + step.revision
                                           : step.revision + " -> " + parents) +
         (script.head.message.empty() ? "" : ", " + script.head.message);
}

/// The steps of `--sql`: from a range, or from where the database stands.
graph::plan plan_text(const script::script_directory& scripts, graph::direction way,
                      std::string_view target, const std::vector<std::string>& rows) {
  const bool up = way == graph::direction::upgrade;
  if (target.find(':') != std::string_view::npos) {
    return up ? graph::plan_upgrade_range(scripts.graph(), target)
              : graph::plan_downgrade_range(scripts.graph(), target);
  }
  return up ? graph::plan_upgrade(scripts.graph(), rows, target)
            : graph::plan_downgrade(scripts.graph(), rows, target);
}

/// Where the database stands, without changing it.
struct standpoint {
  books where;
  std::vector<std::string> rows;
  bool has_books = false;
};

standpoint look(const run_options& options, db::connection* database) {
  if (database == nullptr) return {options.where_books, {}, false};
  version_store store(*database, options.where_books);
  std::vector<std::string> rows = store.rows();
  return {store.where(), std::move(rows), store.complete()};
}

history_entry entry(const graph::step& step, graph::direction way, const script::script& script,
                    std::int64_t statements) {
  const identity self = this_process();
  history_entry e;
  e.revision = step.revision;
  e.direction = graph::name(way);
  e.outcome = way == graph::direction::upgrade ? "applied" : "reverted";
  e.who = self.user;
  e.host = self.host;
  e.luamig = version;
  e.checksum = script::checksum(script.text);
  e.statements = statements;
  return e;
}

}  // namespace

run_report write_sql(const run_options& options, const script::script_directory& scripts,
                     script_host& host, observer& watching, graph::direction way,
                     std::string_view target, db::connection* database, std::ostream& out) {
  const standpoint from = look(options, database);
  const graph::plan plan = plan_text(scripts, way, target, from.rows);
  const book_sql books_text(options.where.kind, from.where);
  // A text that ends in the middle would be half a run for whoever pipes it: all of it, or nothing.
  std::ostringstream text;
  text_sink sink(options.where.kind, database, text);
  run_report report;
  for (const graph::step& step : plan.steps) {
    const script::script& script = scripts.of(step.revision);
    require_runnable(script, way, "nothing was written");
    host.load(script, way);
    watching.step_started({step.revision, script.head.message, way, report.applied.size() + 1,
                           plan.steps.size(), step.why});
    sink.comment(describe_move(step, way, script));
    sink.line("BEGIN");
    if (!from.has_books && report.applied.empty()) {
      for (const std::string& sql : books_text.create()) sink.line(sql);
    }
    session door(sink);
    host.run({&script, way, options.where.shown, options.tag, now_ms(), {}, 0}, door);
    for (const std::string& sql : books_text.edit(step)) sink.line(sql);
    sink.line(books_text.record(entry(step, way, script, door.take_counters().statements)));
    sink.line("COMMIT");
    report.applied.push_back(step.revision);
  }
  out << text.view();
  report.heads = plan.rows_after;
  report.warnings = plan.warnings;
  return report;
}

}  // namespace luamig::engine
