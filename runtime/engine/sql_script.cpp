// `--sql`: the road of an upgrade with a text behind the session's door.
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "base/text.hpp"
#include "base/version.hpp"
#include "engine/identity.hpp"
#include "engine/migrator.hpp"
#include "engine/progress.hpp"
#include "engine/repeatables.hpp"
#include "engine/runner.hpp"
#include "engine/scratch.hpp"
#include "engine/text_sink.hpp"
#include "graph/target.hpp"
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
  const std::string message = script.head.message.empty() ? "" : ", " + script.head.message;
  if (way == graph::direction::repeat) return "-- repeat " + step.revision + message + "\n\n";
  return "-- " + std::string(graph::name(way)) + " " +
         (way == graph::direction::upgrade ? parents + " -> " + step.revision
                                           : step.revision + " -> " + parents) +
         (script.head.message.empty() ? "" : ", " + script.head.message) + "\n\n";
}

/// A text without a step is not what the writer of a range wanted.
void require_forward(const graph::plan& plan, std::string_view range) {
  if (!plan.steps.empty() || plan.rows_before.empty() || plan.target == plan.rows_before) return;
  throw error(errc::graph,
              "the range " + text::in_quotes(range) + " leads nowhere: its end is applied at " +
                  text::in_quotes(text::join(plan.rows_before, ", ")),
              "an upgrade's range is 'old:new'; `luamig downgrade` goes back");
}

/// The steps of `--sql`: from a range, or from where the database stands.
graph::plan plan_text(const script::script_directory& scripts, graph::direction way,
                      std::string_view target, const std::vector<std::string>& rows) {
  const bool up = way == graph::direction::upgrade;
  if (graph::is_range(target)) {
    if (!up) return graph::plan_downgrade_range(scripts.graph(), target);
    graph::plan plan = graph::plan_upgrade_range(scripts.graph(), target);
    require_forward(plan, target);
    return plan;
  }
  return up ? graph::plan_upgrade(scripts.graph(), rows, target)
            : graph::plan_downgrade(scripts.graph(), rows, target);
}

/// Revisions that were applied without being run.
using applied_empty = std::set<std::string, std::less<>>;

/// Where the database stands, without changing it.
struct standpoint {
  books where;
  std::vector<std::string> rows;
  bool has_books = false;
  std::optional<applied_empty> empty{};
};

standpoint look(const run_options& options, std::optional<version_store>& known) {
  if (!known) return {options.where_books, {}, false};
  version_store& store = *known;
  std::vector<std::string> rows = store.rows();
  return {store.where(), std::move(rows), store.complete(), store.skipped()};
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
  e.outcome = way == graph::direction::downgrade ? "reverted" : "applied";
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
             observer& watching, std::optional<applied_empty> empty)
      : options_(options),
        scripts_(scripts),
        host_(host),
        watching_(watching),
        empty_(std::move(empty)) {}

  /// The text of a whole plan: one that ends in the middle would be half a run for whoever pipes
  /// it.
  std::string write(const graph::plan& plan, text_sink& sink, std::ostringstream& body,
                    const book_sql& books_text, bool has_books) {
    std::string text;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const graph::step& step = plan.steps[i];
      const script::script& script = scripts_.of(step.revision);
      watching_.step_started({step.revision, script.head.message, step.way, i + 1,
                              plan.steps.size(), step.why, why_left_out(step)});
      write_step(step, sink, books_text, !has_books && i == 0);
      text += describe_move(step, step.way, script);
      if (const std::string why = why_left_out(step); !why.empty()) {
        text += "-- not run: " + why + "\n\n";
      }
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

  /// Where no books tell what was run, this environment does.
  [[nodiscard]] std::string why_left_out(const graph::step& step) const {
    if (step.way == graph::direction::downgrade && empty_) {
      return empty_->contains(step.revision) ? "was applied empty" : "";
    }
    return why_elsewhere(scripts_.of(step.revision).head, options_.here);
  }

  static void write_books(text_sink& sink, const book_sql& books_text) {
    for (const std::string& sql : books_text.create()) sink.line(sql);
  }

  void write_step(const graph::step& step, text_sink& sink, const book_sql& books_text,
                  bool with_books) {
    const script::script& script = scripts_.of(step.revision);
    require_runnable(script, step.way, "nothing was written");
    require_known(script, options_.here);
    host_.load(script, step.way);
    if (options_.record != nullptr) options_.record->begin_step(step.revision);
    const bool durable = !script.head.transactional && !script.is_repeatable();
    const bool runs = why_left_out(step).empty();
    if (!durable) sink.line("BEGIN");
    if (with_books && !durable) write_books(sink, books_text);
    sink.set_durable(durable);
    session door(sink);
    if (runs) {
      host_.run({&script,
                 step.way,
                 options_.where.shown,
                 options_.tag,
                 now_ms(),
                 {},
                 0,
                 options_.where_books},
                door);
    }
    door.require_whole();
    sink.set_durable(false);
    if (durable) sink.line("BEGIN");
    if (with_books && durable) write_books(sink, books_text);
    sink.reset_settings();
    for (const std::string& sql : books_text.edit(step)) sink.line(sql);
    history_entry done = entry(step, step.way, script, door.take_counters().statements);
    done.required = script.is_repeatable() ? scripts_.repeatable_of(script.name).required
                                           : host_.required_checksum(script);
    if (!runs && step.way == graph::direction::upgrade) done.outcome = "skipped";
    sink.line(books_text.record(done));
    sink.line("COMMIT");
  }

  const run_options& options_;
  const script::script_directory& scripts_;
  script_host& host_;
  observer& watching_;
  std::optional<applied_empty> empty_;
  std::optional<bool> keys_on_;  // as the text has set them
};

}  // namespace

run_report write_sql(const run_options& options, const script::script_directory& scripts,
                     script_host& host, observer& watching, graph::direction way,
                     std::string_view target, db::connection* database, std::ostream& out) {
  std::optional<version_store> store;
  if (database != nullptr) store.emplace(*database, options.where_books);
  if (store && !graph::is_range(target)) require_nothing_half_done(*database, store->where());
  const standpoint here = look(options, store);
  graph::plan plan = plan_text(scripts, way, target, here.rows);
  const bool range = graph::is_range(target);
  if (way == graph::direction::upgrade) {
    add_repeatables(plan, scripts, range || !store ? nullptr : &*store);
  }
  const std::unique_ptr<db::connection> scratch = scratch_for(options, here, plan, database);
  const book_sql books_text(options.where.kind, range ? options.where_books : here.where);
  std::ostringstream body;
  text_sink sink(options.where.kind, range ? nullptr : database, scratch.get(), body);
  sink.record_to(options.record);
  out << sql_writer(options, scripts, host, watching, range ? std::nullopt : here.empty)
             .write(plan, sink, body, books_text, !range && here.has_books);
  run_report report;
  for (const graph::step& step : plan.steps) {
    const bool repeats = step.way == graph::direction::repeat;
    (repeats ? report.repeated : report.applied).push_back(step.revision);
  }
  report.heads = std::move(plan.rows_after);
  report.warnings = std::move(plan.warnings);
  return report;
}

}  // namespace luamig::engine
