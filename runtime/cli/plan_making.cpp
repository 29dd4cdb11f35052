// What a plan's file holds, gathered: by writing the statements, or by a dry run.
#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/dry_options.hpp"
#include "cli/plan_file.hpp"
#include "db/value_text.hpp"
#include "engine/schema_lines.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"

namespace luamig::cli {
namespace {

engine::planned_operation as_planned(const engine::operation_effects& o, db::engine kind) {
  engine::planned_operation out{o.file, o.line, o.name, o.summary, o.statements, o.sql, {}, {}};
  out.locks = o.locks;
  out.destroys = o.destroys;
  for (const std::string& sql : o.sql) {
    for (std::string& lock : engine::locks_of(sql, kind)) {
      const bool known = std::find(out.locks.begin(), out.locks.end(), lock) != out.locks.end();
      if (!known) out.locks.push_back(std::move(lock));
    }
  }
  return out;
}

/// The statements are written, and what came of it is noted; nothing runs.
void write_operations(context& in, saved_plan& plan) {
  engine::plan_record record;
  engine::run_options options = in.here.run_options(false);
  options.record = &record;
  std::ostringstream unread;
  engine::observer nobody;
  std::optional<error> stopped;
  try {
    static_cast<void>(engine::write_sql(options, in.here.scripts(), in.here.host(), nobody,
                                        plan.way, plan.target, in.here.reader(), unread));
  } catch (const error& e) {
    if (e.code != errc::migration && e.code != errc::sql) throw;
    stopped = e;
  }
  for (saved_plan::step& s : plan.steps) {
    const auto known = record.steps().find(s.revision);
    if (known != record.steps().end()) s.operations = known->second;
    if (db::connection* on = in.here.reader()) {
      for (engine::planned_operation& o : s.operations) engine::add_other_locks(o, *on);
    }
    const bool is_last = known != record.steps().end() && s.revision == record.last();
    if (stopped && (is_last || known == record.steps().end())) {
      s.unknown = stopped->message + " (luamig plan --measure runs it, and rolls it back)";
    }
  }
}

void measure_operations(context& in, saved_plan& plan) {
  engine::run_options options = in.here.run_options(true);
  in.here.close_reader();
  const auto copy = make_dry(options, in.args.value("measure") == "copy");
  options.max_block = std::chrono::milliseconds(1000);
  engine::run_report done =
      engine::run(options, in.here.scripts(), in.here.host(), in.watching, plan.way, plan.target);
  if (done.failure) throw error{*std::move(done.failure)};
  for (saved_plan::step& s : plan.steps) {
    for (const engine::revision_effects& one : done.effects) {
      if (one.revision != s.revision) continue;
      for (const engine::operation_effects& o : one.operations) {
        s.operations.push_back(as_planned(o, options.where.kind));
      }
      s.measured = one;
    }
  }
}

/// What the scripts have asked for while the plan was made.
std::vector<planned_file> files_of(context& in) {
  const engine::data_files asked = in.here.host().files_asked_for();
  std::vector<planned_file> out;
  for (const std::string& name : asked.read) {
    out.push_back({name, checksum_of_data(in, name), asked.written.contains(name)});
  }
  return out;
}

const script::script& file_of(context& in, const graph::step& step) {
  const script::script_directory& scripts = in.here.scripts();
  return step.way == graph::direction::repeat ? scripts.repeatable_of(step.revision).file
                                              : scripts.of(step.revision);
}

}  // namespace

std::string checksum_of_data(context& in, const std::string& name) {
  const std::vector<std::string> parts = text::split(name, '/');
  std::optional<file::input> bytes = file::open_beneath(in.here.scripts().migrations(), parts);
  if (!bytes) return "";
  return db::to_hex(script::sha256([&](std::span<char> room) { return bytes->read(room); }));
}

saved_plan make_saved_plan(context& in, graph::direction way, const std::string& target,
                           const graph::plan& plan, bool measured) {
  saved_plan out;
  out.way = way;
  out.target = target;
  out.engine = db::name(in.here.where().kind);
  out.start = plan.rows_before;
  out.heads = plan.rows_after;
  out.around = read_surroundings(in);
  engine::schema_text schema;
  if (db::connection* on = in.here.reader()) {
    schema = engine::read_schema(*on, engine::version_store(*on, in.here.books()).where());
  }
  out.schema = engine::fingerprint(schema);
  for (const graph::step& step : plan.steps) {
    const script::script& file = file_of(in, step);
    in.here.host().load(file, step.way);
    out.steps.push_back({step.revision,
                         step.way,
                         file.head.message,
                         script::checksum(file.text),
                         required_checksum(in, file),
                         {},
                         {}});
  }
  measured ? measure_operations(in, out) : write_operations(in, out);
  out.files = files_of(in);
  return out;
}

}  // namespace luamig::cli
