#include "cli/commands/drift.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/schemas.hpp"
#include "db/database_copy.hpp"
#include "engine/repeatables.hpp"

namespace luamig::cli {
namespace {

/// Of a replay nothing is told: neither its steps nor what its scripts say.
engine::observer nobody;

/// What ended it, as far as it was the revision's doing.
[[noreturn]] void refuse_replay(error problem) {
  problem.state_after = "the database is as it was; nothing is left of the empty one";
  problem.half_done = false;
  if (problem.code == errc::partial) problem.code = errc::migration;
  if (problem.code == errc::interrupted) throw error{std::move(problem)};
  problem.message = "revision " + problem.revision +
                    " cannot be replayed on an empty database: " + problem.message;
  problem.hint =
      "a revision must not need rows that no revision has made, nor what is made by hand";
  throw error{std::move(problem)};
}

/// PostgreSQL: the schema in which the database looks first may be older than every revision.
void make_schema(db::connection& of, const db::url& scratch, const db::open_options& how) {
  const auto name = db::scalar(of, "SELECT current_schema()");
  if (!name || !std::holds_alternative<std::string>(*name)) return;
  db::open_database(scratch, how)
      ->execute("CREATE SCHEMA IF NOT EXISTS " +
                text::sql_identifier(std::get<std::string>(*name)));
}

/// Each of these rows, and what is below it, on the empty database.
void replay(context& in, const std::vector<std::string>& rows, const engine::run_options& options) {
  for (const std::string& row : rows) {
    engine::run_report done = engine::run(options, in.here.scripts(), in.here.host(), nobody,
                                          graph::direction::upgrade, row);
    if (done.failure) refuse_replay(*std::move(done.failure));
  }
}

/// Files of repeatable/ run in a replay where every revision is applied, as they are now.
std::vector<std::string> warn_of_repeatables(context& in, const std::vector<std::string>& rows) {
  db::connection* const on = in.here.reader();
  if (on == nullptr || in.here.scripts().repeatables().empty()) return {};
  const auto done = engine::version_store(*on, in.here.books()).repeated();
  if (!graph::plan_upgrade(in.here.graph(), rows, "heads").steps.empty()) {
    if (done.empty()) return {};
    return {"revisions are pending, so the files of repeatable/ were not replayed"};
  }
  std::vector<std::string> due;
  for (const script::repeatable& file : in.here.scripts().repeatables()) {
    if (!engine::why_repeat(file, done).empty()) due.push_back(file.file.name);
  }
  if (due.empty()) return {};
  return {"not run as it is now, but replayed: " + text::join(due, ", ")};
}

}  // namespace

report check_drift(context& in) {
  in.here.watch(nobody);
  const std::vector<std::string> rows = in.here.rows();
  engine::run_options options = in.here.run_options(true);
  const db::database_copy scratch(db::database_copy::empty{}, options.where);
  options.where = scratch.where();
  options.on_copy = true;
  options.measures = true;  // which leaves the files alone that scripts write
  if (options.where.kind == db::engine::postgresql) {
    make_schema(*in.here.reader(), options.where, options.how);
  }
  replay(in, rows, options);
  engine::schema_desk desk = make_desk(in);
  read_database(in, desk, "database");
  desk.read("replayed", *db::open_database(options.where, options.how));
  report made =
      difference_of(desk.ask("compare", {"replayed", "database"}, in.here.reader()),
                    "the database is what its revisions make",
                    "the database has changed beside its revisions; this leads from them to it");
  made.warnings = warn_of_repeatables(in, rows);
  return made;
}

}  // namespace luamig::cli
