#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/all.hpp"
#include "cli/commands/runs.hpp"
#include "cli/plan_file.hpp"
#include "engine/schema_lines.hpp"
#include "engine/version_store.hpp"
#include "script/checksum.hpp"

namespace luamig::cli {
namespace {

constexpr double usual_tolerance = 0.1;

[[noreturn]] void refuse(std::string why) {
  throw error{errc::refused, std::move(why),
              "look at what has changed, and make the plan anew: luamig plan … -o FILE"};
}

/// What nobody has seen is not run.
void require_known(const saved_plan& plan) {
  for (const saved_plan::step& step : plan.steps) {
    if (step.unknown.empty() || step.measured) continue;
    throw error{
        errc::refused,
        "what revision " + step.revision + " does the plan does not tell in whole: " + step.unknown,
        "luamig plan … --measure -o FILE tries it, and writes down what it does"};
  }
}

std::string said(const std::vector<std::string>& rows) {
  return rows.empty() ? "base" : text::join(rows, ", ");
}

/// "10%" as 0.1.
double tolerance_of(context& in) {
  const auto given = in.args.value("tolerance");
  if (!given) return usual_tolerance;
  std::string_view number = *given;
  const bool percent = number.ends_with('%');
  if (percent) number.remove_suffix(1);
  double out = -1;
  const auto [end, wrong] = std::from_chars(number.data(), number.data() + number.size(), out);
  const bool is_part = percent || out == 0;
  if (!is_part || wrong != std::errc{} || end != number.data() + number.size() || !(out >= 0)) {
    throw error{errc::usage, "--tolerance wants a part such as 10%, not '" + *given + "'"};
  }
  return out / 100;
}

const script::script& file_of(context& in, const graph::step& step) {
  const script::script_directory& scripts = in.here.scripts();
  return step.way == graph::direction::repeat ? scripts.repeatable_of(step.revision).file
                                              : scripts.of(step.revision);
}

void require_files(context& in, const saved_plan& plan, const graph::plan& now) {
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    const script::script& file = file_of(in, now.steps[i]);
    if (script::checksum(file.text) != plan.steps[i].checksum) {
      refuse("'" + file.name + "' is another file than when the plan was made");
    }
    if (required_checksum(in, file) != plan.steps[i].required) {
      refuse("what '" + file.name + "' requires is another than when the plan was made");
    }
  }
}

/// The data files that the plan has read are as they were.
void require_data(context& in, const saved_plan& plan) {
  for (const planned_file& file : plan.files) {
    if (file.written || checksum_of_data(in, file.name) == file.checksum) continue;
    refuse("the data file '" + file.name + "' " +
           (file.checksum.empty() ? "was not there when the plan was made"
                                  : "is another than when the plan was made"));
  }
}

/// Before a COMMIT: they still are, and no others have been read.
void require_data_read(context& in, const saved_plan& plan) {
  for (const std::string& name : in.here.host().files_asked_for().read) {
    const bool known = std::any_of(plan.files.begin(), plan.files.end(),
                                   [&](const planned_file& file) { return file.name == name; });
    if (!known) refuse("the data file '" + name + "' was not read when the plan was measured");
  }
  require_data(in, plan);
}

/// Files that the plan writes itself were not those that a run reads.
void warn_of_untold(context& in, const saved_plan& plan) {
  for (const planned_file& file : plan.files) {
    if (!file.written) continue;
    in.watching.message(engine::observer::level::warning, untold(file));
  }
}

/// What the run is about to do is what the plan says, from where it says.
void require_same(context& in, const saved_plan& plan, const graph::plan& now, db::connection& on,
                  const engine::books& where) {
  if (now.rows_before != plan.start) {
    refuse("the database is at " + said(now.rows_before) + ", and the plan begins at " +
           said(plan.start));
  }
  const bool same = now.steps.size() == plan.steps.size() &&
                    std::equal(now.steps.begin(), now.steps.end(), plan.steps.begin(),
                               [](const graph::step& one, const saved_plan::step& other) {
                                 return one.revision == other.revision && one.way == other.way;
                               });
  if (!same) refuse("the way to the target is another than when the plan was made");
  require_files(in, plan, now);
  require_data(in, plan);
  if (engine::fingerprint(engine::read_schema(on, where)) != plan.schema) {
    refuse("the schema of the database is another than when the plan was made");
  }
}

bool near(std::int64_t planned, std::int64_t now, double tolerance) {
  const double difference = std::abs(static_cast<double>(now) - static_cast<double>(planned));
  return difference <= tolerance * static_cast<double>(planned);
}

/// The rows of each table, as they were measured.
void require_near(const saved_plan& plan, const engine::revision_effects& now, double tolerance) {
  const auto planned = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const auto& step) {
    return step.revision == now.revision && step.measured;
  });
  if (planned == plan.steps.end()) return;
  engine::tables_touched all = planned->measured->tables;
  all.insert(now.tables.begin(), now.tables.end());
  for (const auto& [table, unused] : all) {
    const auto rows_in = [&, name = table](const engine::tables_touched& of) {
      const auto found = of.find(name);
      return found == of.end() ? engine::table_effects{} : found->second;
    };
    const engine::table_effects was = rows_in(planned->measured->tables);
    const engine::table_effects is = rows_in(now.tables);
    const auto compare = [&, name = table](std::int64_t before, std::int64_t after,
                                           std::string_view what) {
      if (near(before, after, tolerance)) return;
      throw error{errc::refused,
                  "of '" + name + "' " + std::to_string(after) + " rows are " + std::string(what) +
                      ", and " + std::to_string(before) + " were when the plan was measured",
                  "look at what has changed, and measure the plan anew; or a larger --tolerance"};
    };
    compare(was.inserted, is.inserted, "inserted");
    compare(was.updated, is.updated, "updated");
    compare(was.deleted, is.deleted, "deleted");
  }
}

}  // namespace

report run_apply(context& in) {
  const saved_plan plan = read_plan(std::filesystem::absolute(in.args.word(0, "")));
  const double tolerance = tolerance_of(in);
  require_known(plan);
  if (plan.engine != db::name(in.here.where().kind)) {
    refuse("the plan is for " + plan.engine + ", and " + in.here.where().shown + " is not");
  }
  if (const std::string what = moved(plan.around, read_surroundings(in)); !what.empty()) {
    refuse(what);
  }
  if (plan.way == graph::direction::downgrade) confirm_loss(in, plan.target);
  engine::run_options options = prepare_run(in, plan.way == graph::direction::upgrade);
  options.measures = std::any_of(plan.steps.begin(), plan.steps.end(),
                                 [](const auto& step) { return step.measured.has_value(); });
  options.approve = [&](const graph::plan& now, db::connection& on, const engine::books& where) {
    require_same(in, plan, now, on, where);
  };
  options.judge = [&](const engine::revision_effects& now) {
    require_near(plan, now, tolerance);
    require_data_read(in, plan);
  };
  warn_of_untold(in, plan);
  return finish_run(
      in,
      engine::run(options, in.here.scripts(), in.here.host(), in.watching, plan.way, plan.target),
      verb_of(plan.way));
}

}  // namespace luamig::cli
