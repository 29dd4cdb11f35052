// Stamping: a step without a script, so that the bookkeeping has one path.
#include <array>
#include <chrono>
#include <ostream>

#include "base/version.hpp"
#include "db/transaction.hpp"
#include "engine/identity.hpp"
#include "engine/lock.hpp"
#include "engine/migrator.hpp"
#include "engine/progress.hpp"

namespace luamig::engine {
namespace {

history_entry stamped(const graph::step& step, const identity& self) {
  history_entry e;
  e.revision = step.revision.empty() ? "base" : step.revision;
  e.direction = "stamp";
  e.outcome = "stamped";
  e.began = iso_time(now_ms());
  e.who = self.user;
  e.host = self.host;
  e.luamig = version;
  return e;
}

/// In one transaction, which is over afterwards, however that comes.
run_report write_stamps(db::connection& on, version_store& store, const graph::revision_graph& of,
                        const std::vector<std::string>& targets, bool purge) {
  db::transaction own(on);
  std::vector<std::string> forgotten;
  if (purge) {
    progress steps(on, store.where());
    for (const half_done& one : steps.under_way())
      forgotten.push_back("revision " + one.revision +
                          " is no longer half done: what its steps did stays in the database");
    steps.clear_all();
  } else {
    require_nothing_half_done(on, store.where());
  }
  const graph::plan plan = graph::plan_stamp(of, store.rows(), targets, purge);
  run_report report;
  report.warnings = plan.warnings;
  report.warnings.insert(report.warnings.end(), forgotten.begin(), forgotten.end());
  report.heads = plan.rows_after;
  store.require_room(plan.steps);
  store.create();
  store.check_deferred();
  std::vector<std::string> rows = plan.rows_before;
  for (const graph::step& step : plan.steps) {
    store.edit(step, rows);
    rows = graph::edited(std::move(rows), step.edit);
    store.record(stamped(step, this_process()));
    report.applied.push_back(step.revision.empty() ? "base" : step.revision);
  }
  store.verify(rows);
  own.commit();
  return report;
}

}  // namespace

graph::plan write_stamp(const run_options& options, const script::script_directory& scripts,
                        const std::vector<std::string>& rows,
                        const std::vector<std::string>& targets, bool purge, std::ostream& out) {
  graph::plan plan = graph::plan_stamp(scripts.graph(), rows, targets, purge);
  const book_sql books(options.where.kind, options.where_books);
  const auto line = [&](const std::string& sql) { out << sql << ";\n"; };
  line("BEGIN");
  for (const std::string& sql : books.create()) line(sql);
  for (const graph::step& step : plan.steps) {
    for (const std::string& sql : books.edit(step)) line(sql);
    line(books.record(stamped(step, this_process())));
  }
  line("COMMIT");
  return plan;
}

run_report stamp(const run_options& options, const script::script_directory& scripts,
                 observer& watching, const std::vector<std::string>& targets, bool purge) {
  const auto began = std::chrono::steady_clock::now();
  const auto on = db::open_database(options.where, options.how);
  version_store store(*on, options.where_books);
  const lock held = lock::acquire(options.where, options.how, store.where(), options.lock_wait,
                                  watching, options.stop);
  run_report report;
  try {
    report = write_stamps(*on, store, scripts.graph(), targets, purge);
  } catch (error& e) {
    if (store.concerns(e)) (void)store.name_damage(e);
    throw;
  }
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

bool ensure_version(const run_options& options) {
  const auto on = db::open_database(options.where, options.how);
  version_store store(*on, options.where_books);
  const bool missing = !store.exists();
  observer nobody;
  const lock held = lock::acquire(options.where, options.how, store.where(), options.lock_wait,
                                  nobody, options.stop);
  db::transaction own(*on);
  store.create();
  own.commit();
  return missing;
}

}  // namespace luamig::engine
