// `--sql`: the road of an upgrade with a text behind the session's door.
#include <optional>
#include <sstream>
#include <utility>

#include "base/version.hpp"
#include "engine/identity.hpp"
#include "engine/migrator.hpp"
#include "engine/runner.hpp"
#include "engine/scratch.hpp"
#include "engine/text_sink.hpp"
#include "script/checksum.hpp"

namespace luamig::engine {
namespace {

/// "-- upgrade aaa -> bbb, message", as a comment.
std::string describe_move(const graph::step& step, graph::direction way,
                          const script::script& script) {
  const auto shown = [](const std::vector<std::string>& ids) {
    return ids.empty() ? std::string("<base>") : ids.front();
  };
  const std::string parents = shown(script.head.down_revision);
  return "-- " + std::string(graph::name(way)) + " " +
         (way == graph::direction::upgrade ? parents + " -> " + step.revision
                                           : step.revision + " -> " + parents) +
         (script.head.message.empty() ? "" : ", " + script.head.message) + "\n\n";
}

bool is_range(std::string_view target) { return target.find(':') != std::string_view::npos; }

/// The steps of `--sql`: from a range, or from where the database stands.
graph::plan plan_text(const script::script_directory& scripts, graph::direction way,
                      std::string_view target, const std::vector<std::string>& rows) {
  const bool up = way == graph::direction::upgrade;
  if (is_range(target)) {
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

/// Where the text's schema is known: SQLite, from base or from where the database stands. A range
/// is for another database, but the one at hand may look like it.
std::unique_ptr<db::connection> scratch_for(const run_options& options, const standpoint& here,
                                            const graph::plan& plan, db::connection* database) {
  if (options.where.kind != db::engine::sqlite) return nullptr;
  const bool stands_there = here.rows == plan.rows_before;
  if (!stands_there && !plan.rows_before.empty()) return nullptr;
  return make_scratch(options.how, options.where_books, stands_there ? database : nullptr);
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

/// One text under way.
class sql_writer {
 public:
  sql_writer(const run_options& options, const script::script_directory& scripts, script_host& host,
             observer& watching, graph::direction way)
      : options_(options), scripts_(scripts), host_(host), watching_(watching), way_(way) {}

  /// The text of a whole plan: one that ends in the middle would be half a run for whoever pipes
  /// it.
  std::string write(const graph::plan& plan, text_sink& sink, std::ostringstream& body,
                    const book_sql& books_text, bool has_books) {
    std::string text;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const graph::step& step = plan.steps[i];
      watching_.step_started({step.revision, scripts_.of(step.revision).head.message, way_, i + 1,
                              plan.steps.size(), step.why});
      write_step(step, sink, books_text, !has_books && i == 0);
      text += describe_move(step, way_, scripts_.of(step.revision));
      text += head(sink.takes_foreign_keys_off()) + body.str();
      body.str("");
    }
    return text;
  }

 private:
  /// SQLite's shell has foreign keys off; a run has them on. A step that makes a table anew wants
  /// them off, which inside the transaction is too late.
  std::string head(bool wants_them_off) {
    if (options_.where.kind != db::engine::sqlite) return {};
    const bool wanted = options_.how.foreign_keys && !wants_them_off;
    const bool known = keys_on_.has_value() || options_.how.foreign_keys;
    if (keys_on_ == wanted || (!known && !wants_them_off)) return {};
    keys_on_ = wanted;
    return wanted ? "PRAGMA foreign_keys = ON;\n" : "PRAGMA foreign_keys = OFF;\n";
  }

  void write_step(const graph::step& step, text_sink& sink, const book_sql& books_text,
                  bool with_books) {
    const script::script& script = scripts_.of(step.revision);
    require_runnable(script, way_, "nothing was written");
    host_.load(script, way_);
    sink.line("BEGIN");
    if (with_books) {
      for (const std::string& sql : books_text.create()) sink.line(sql);
    }
    session door(sink);
    host_.run({&script, way_, options_.where.shown, options_.tag, now_ms(), {}, 0}, door);
    door.require_whole();
    for (const std::string& sql : books_text.edit(step)) sink.line(sql);
    history_entry done = entry(step, way_, script, door.take_counters().statements);
    done.required = host_.required_checksum(script);
    sink.line(books_text.record(done));
    sink.line("COMMIT");
  }

  const run_options& options_;
  const script::script_directory& scripts_;
  script_host& host_;
  observer& watching_;
  graph::direction way_;
  std::optional<bool> keys_on_;  // as the text has set them
};

}  // namespace

run_report write_sql(const run_options& options, const script::script_directory& scripts,
                     script_host& host, observer& watching, graph::direction way,
                     std::string_view target, db::connection* database, std::ostream& out) {
  const standpoint here = look(options, database);
  graph::plan plan = plan_text(scripts, way, target, here.rows);
  const std::unique_ptr<db::connection> scratch = scratch_for(options, here, plan, database);
  const bool range = is_range(target);
  const book_sql books_text(options.where.kind, range ? options.where_books : here.where);
  std::ostringstream body;
  text_sink sink(options.where.kind, range ? nullptr : database, scratch.get(), body);
  out << sql_writer(options, scripts, host, watching, way)
             .write(plan, sink, body, books_text, !range && here.has_books);
  run_report report;
  for (const graph::step& step : plan.steps) report.applied.push_back(step.revision);
  report.heads = std::move(plan.rows_after);
  report.warnings = std::move(plan.warnings);
  return report;
}

}  // namespace luamig::engine
