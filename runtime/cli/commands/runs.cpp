#include "cli/commands/runs.hpp"

#include <algorithm>
#include <ostream>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands/dry_run.hpp"
#include "cli/exit_status.hpp"
#include "cli/format.hpp"
#include "graph/target.hpp"

namespace luamig::cli {

std::string verb_of(graph::direction way) {
  return way == graph::direction::upgrade ? "applied" : "reverted";
}

namespace {

constexpr std::chrono::milliseconds between_attempts{250};

bool says_any(std::string_view message, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return message.find(word) != std::string_view::npos;
  });
}

/// Whether a later try may go better: nobody answers yet, or the server is on its way up. libpq has
/// no code for that, only words; its own are not translated, as no locale is set.
bool may_pass(const error& problem) {
  if (problem.code != errc::connection || !problem.kind.empty()) {
    return false;
  }
  if (says_any(problem.message, {"FATAL:"})) {
    return says_any(problem.message, {"starting up", "shutting down", "recovery mode",
                                      "not yet accepting", "too many c", "connection slots"});
  }
  return !says_any(problem.message, {"cannot read the database URL", "invalid ", "certificate",
                                     "does not support SSL"});
}

/// What the server, or its absence, says for now; null once it accepts connections, if only to say
/// that a database which --create-db makes is not there.
std::optional<error> refusal(context& in) {
  try {
    (void)db::open_database(in.here.where(), in.here.open_options());
  } catch (const error& problem) {
    if (problem.kind == "missing_database" && in.args.has("create-db")) {
      return std::nullopt;
    }
    if (!may_pass(problem)) {
      throw;
    }
    return problem;
  }
  return std::nullopt;
}

std::vector<std::string> shown_heads(context& in, const std::vector<std::string>& rows) {
  std::vector<std::string> shown;
  for (const std::string& row : rows) {
    const std::optional<graph::node> known = in.here.graph().find(row);
    shown.push_back(known ? head_line(in.here.view(*known)) : row);
  }
  return shown;
}

report write_sql(context& in, graph::direction way, const std::string& target) {
  if (in.args.has("json")) {
    throw error{errc::usage, "--sql and --json exclude each other"};
  }
  // A range needs no database, and a server may be far away; a file at hand tells its schema.
  const bool asks = !graph::is_range(target) || in.here.where().kind == db::engine::sqlite;
  db::connection* database = asks ? in.here.reader() : nullptr;
  const engine::run_options options = in.here.run_options(false);
  const engine::run_report done =
      engine::write_sql(options, in.here.scripts(), in.here.host(), in.watching, way, target,
                        database, in.person.out());
  if (done.failure) {
    throw *done.failure;
  }
  return {done_report{"sql", "  " + counted(done.applied.size(), "revision") +
                                 (done.repeated.empty()
                                      ? ""
                                      : ", " + counted(done.repeated.size(), "repeatable")) +
                                 " written as SQL"},
          done.warnings};
}

}  // namespace

report downgrade_nothing(context& in, const std::string& target) {
  (void)graph::plan_downgrade(in.here.graph(), {}, target);
  return finish_run(in, {}, verb_of(graph::direction::downgrade));
}

std::chrono::milliseconds duration(const std::string& given, const std::string& option) {
  const std::optional<std::int64_t> ms = text::parse_duration_ms(given);
  if (!ms) {
    throw error{errc::usage, option + " wants a time such as 30s, not '" + given + "'"};
  }
  return std::chrono::milliseconds(*ms);
}

void wait_for_server(context& in, std::chrono::milliseconds patience) {
  if (in.here.where().kind == db::engine::sqlite) {
    return;
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool said = false;
  while (std::optional<error> problem = refusal(in)) {
    if (std::chrono::steady_clock::now() + between_attempts > deadline) {
      throw *std::move(problem);
    }
    if (!said) {
      in.person.say("waiting for " + in.here.where().shown);
      said = true;
    }
    std::this_thread::sleep_for(between_attempts);
    if (in.with.stop != nullptr) {
      in.with.stop->check();
    }
  }
}

engine::run_options prepare_run(context& in, bool create) {
  if (const auto patience = in.args.value("wait")) {
    wait_for_server(in, duration(*patience, "--wait"));
  }
  if (in.args.has("create-db") && db::create_database(in.here.where())) {
    in.person.say("created " + in.here.where().shown);
  }
  engine::run_options options = in.here.run_options(create);
  options.single_transaction = in.args.has("single-transaction");
  options.tag = in.args.value("tag").value_or("");
  in.here.close_reader();
  return options;
}

report run_or_write(context& in, graph::direction way, const std::string& target) {
  explain_short_prefix(in, target);
  if (in.args.has("dry-run")) {
    return run_dry(in, way, target);
  }
  for (const char* const of_dry_run : {"report", "max-block"}) {
    if (!in.args.has(of_dry_run)) continue;
    throw error{errc::usage, "--" + std::string(of_dry_run) + " is for a dry run",
                "luamig " + std::string(in.args.command->name) + " --dry-run"};
  }
  if (in.args.has("sql")) {
    return write_sql(in, way, target);
  }
  const bool up = way == graph::direction::upgrade;
  const engine::run_options options = prepare_run(in, up);
  if (!up && in.here.is_missing_file()) {
    return downgrade_nothing(in, target);
  }
  if (!up) {
    confirm_loss(in, target);
  }
  return finish_run(
      in, engine::run(options, in.here.scripts(), in.here.host(), in.watching, way, target),
      verb_of(way));
}

report finish_run(context& in, engine::run_report done, std::string verb) {
  report result;
  result.warnings = std::move(done.warnings);
  result.exit = done.failure ? exit_of(*done.failure) : 0;
  std::vector<std::string> shown = shown_heads(in, done.heads);
  result.body = run_report{std::move(done), std::move(verb), std::move(shown), std::nullopt,
                           in.here.where().shown};
  return result;
}

report run_down_and_up(context& in, const engine::run_options& options, const std::string& down,
                       const std::string& up) {
  in.here.close_reader();
  report result = finish_run(
      in, engine::run_both(options, in.here.scripts(), in.here.host(), in.watching, down, up), "");
  run_report& body = std::get<run_report>(result.body);
  body.reverted = body.run.reverted;
  return result;
}

void confirm_loss(context& in, const std::string& target) {
  if (!in.here.settings().is_protected) {
    return;
  }
  const graph::plan plan = graph::plan_downgrade(in.here.graph(), in.here.rows(), target);
  in.here.close_reader();
  if (plan.steps.empty()) {
    return;
  }
  const std::size_t count = plan.steps.size();
  in.person.confirm("taking " + std::to_string(count) + (count == 1 ? " revision" : " revisions") +
                    " back in the protected environment '" + in.here.settings().env_name + "' (" +
                    in.here.where().shown + ")");
}

void explain_short_prefix(context& in, const std::string& symbol) {
  if (const auto taken = graph::short_prefix(in.here.graph(), symbol)) {
    in.person.say("'" + symbol + "' is taken as " + in.here.graph().id(*taken));
  }
}

}  // namespace luamig::cli
