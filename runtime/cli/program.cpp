#include "cli/program.hpp"

#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/context.hpp"
#include "cli/exit_status.hpp"
#include "cli/help.hpp"
#include "cli/lost_output.hpp"
#include "cli/progress.hpp"
#include "cli/render_error.hpp"
#include "cli/render_human.hpp"
#include "cli/render_json.hpp"

namespace luamig::cli {
namespace {

/// The run of one command in one environment.
class invocation {
 public:
  invocation(const arguments& args, const services& with, const terminal& person, std::string env)
      : args_(args),
        with_(with),
        person_(person),
        env_(std::move(env)),
        project_(flags_of(args, env_), with) {
    if (!env_.empty() && !args.has("json")) {
      const std::string name = "[" + env_ + "]";
      person_.head(args.has("sql") ? "-- " + name : name, name);
    }
  }

  int run() {
    try {
      const report result = run_command();
      print(result);
      if (const auto lost = lost_output(with_, &result)) {
        say(*lost);
        return result.exit == 0 ? exit_of(*lost) : result.exit;
      }
      return result.exit;
    } catch (const error& problem) {
      forget_farewell();
      print(problem);
      return exit_of(problem);
    }
  }

 private:
  report run_command() {
    watching_ = with_farewell(make_observer());
    project_.watch(*watching_);
    context in{args_, with_, person_, project_, *watching_};
    report result = args_.command->run(in);
    forget_farewell();
    return result;
  }

  static config::overrides flags_of(const arguments& args, const std::string& env) {
    config::overrides flags = overrides_of(args);
    if (!env.empty()) {
      flags.env_name = env;
    }
    return flags;
  }

  /// As the flags say and, for messages, [log].
  std::unique_ptr<engine::observer> make_observer() {
    if (args_.command->needs_project && project_.settings().log_level == "debug") {
      person_.raise_to(loudness::every_statement);
    }
    if (args_.has("json")) {
      return json_progress(person_.out(), env_, person_.loud());
    }
    if (args_.command->needs_project && project_.settings().log_format == "json") {
      messages_as_json_ = true;
      if (!env_.empty()) {
        person_.head("[" + env_ + "]", "");  // each object names it
      }
      return json_progress(person_.err(), env_, person_.loud());
    }
    return human_progress(person_, args_.has("explain"), [this] { say_which_url(); });
  }

  /// The run may have to be left where it stands; from the report on, it is over.
  std::unique_ptr<engine::observer> with_farewell(std::unique_ptr<engine::observer> to) const {
    if (with_.last_words == nullptr) return to;
    const bool json = args_.has("json");
    return keep_farewell(*with_.last_words, std::move(to), json ? STDOUT_FILENO : STDERR_FILENO,
                         json || messages_as_json_, env_);
  }

  void forget_farewell() const {
    if (with_.last_words != nullptr) with_.last_words->forget();
  }

  void print(const report& result) {
    const auto* history = std::get_if<history_report>(&result.body);
    const bool as_json = history != nullptr && history->format == history_format::json;
    const auto* run = std::get_if<run_report>(&result.body);
    if (run != nullptr && run->run.failure) {
      print(*run->run.failure);
    }
    if (args_.has("json") || as_json) {
      render_json(result, env_, person_.out());
    } else if (run != nullptr && messages_as_json_) {
      render_json(result, env_, person_.err());
    } else if (is_written(with_) || !claims_output(result)) {
      say_which_url();
      render_human(result, person_);
    }
  }

  /// What says that its output was written, and must not where it was not.
  [[nodiscard]] bool claims_output(const report& result) const {
    return args_.has("sql") && !std::holds_alternative<run_report>(result.body);
  }

  void print(error problem) {
    if (problem.code == errc::usage && problem.hint.empty()) {
      problem.hint = "luamig help " + std::string(args_.command->name);
    }
    if (args_.has("json")) {
      render_json(problem, env_, person_.out());
      if (is_written(with_)) return;
    }
    say(problem);
  }

  /// On stderr.
  void say(const error& problem) {
    if (messages_as_json_) {
      render_json(problem, env_, person_.err());
    } else {
      render_human(problem, project_.known_migrations(), person_);
    }
  }

  void say_which_url() {
    if (args_.has("verbose") && project_.knows_url() && !std::exchange(said_which_url_, true)) {
      person_.say("database " + project_.where().shown + " (" + project_.url_origin() + ")");
    }
  }

  const arguments& args_;
  const services& with_;
  terminal person_;
  const std::string env_;
  bool said_which_url_ = false;
  bool messages_as_json_ = false;  // [log] format, for what stands on stderr
  std::unique_ptr<engine::observer> watching_;
  project project_;  // after what it uses: it may say something until its end
};

/// The environments that `-n all` stands for, in the order of luamig.toml.
std::vector<std::string> every_env(const arguments& args, services with) {
  if (!args.command->every_env) {
    throw error{errc::usage, std::string(args.command->name) + " does not run for all environments",
                "name one: -n NAME"};
  }
  config::overrides flags = overrides_of(args);
  flags.env_name.reset();
  with.env.erase("LUAMIG_ENV");
  std::vector<std::string> names = config::load(flags, with.env, working_directory()).env_names;
  if (names.empty()) {
    throw error{errc::config, "-n all: no [env.NAME] section is in luamig.toml",
                "leave -n out, or write a section for each environment: [env.production]"};
  }
  return names;
}

bool wants_every_env(const arguments& args, const services& with) {
  const auto variable = with.env.find("LUAMIG_ENV");
  return args.value("env").value_or(variable == with.env.end() ? "" : variable->second) == "all";
}

/// One environment after the other; the first that does not end well is the last.
int run_every_env(const arguments& args, const services& with, const terminal& person) {
  const std::vector<std::string> names = every_env(args, with);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const int status = invocation(args, with, person, names[i]).run();
    if (status != 0) {
      const std::vector<std::string> left(names.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                          names.end());
      if (!left.empty()) {
        person.warn("not run: " + text::join(left, ", "));
      }
      return status;
    }
  }
  return 0;
}

/// What is said of the program itself.
int answer(const arguments& args, const services& with, const terminal& person,
           const report& what) {
  if (args.has("json")) {
    render_json(what, "", person.out());
  } else {
    render_human(what, person);
  }
  const auto lost = lost_output(with, nullptr);
  if (!lost) return 0;
  render_human(*lost, {}, person);
  return exit_of(*lost);
}

int run_parsed(const arguments& args, const services& with) {
  const terminal person(args, with);
  if (args.has("version")) {
    return answer(args, with, person, {version_report{std::string(version)}, {}});
  }
  if (args.command == nullptr || args.has("help")) {
    return answer(
        args, with, person,
        {text_report{args.command == nullptr ? short_help() : command_help(*args.command)}, {}});
  }
  if (wants_every_env(args, with)) {
    return run_every_env(args, with, person);
  }
  return invocation(args, with, person, "").run();
}

/// An error before the arguments are understood: in JSON where that was asked for, by its looks.
int refuse(const error& problem, const std::vector<std::string>& line, const services& with) {
  if (std::find(line.begin(), line.end(), "--json") != line.end()) {
    render_json(problem, "", *with.out);
    if (is_written(with)) return exit_of(problem);
  }
  const arguments nothing;
  render_human(problem, {}, terminal(nothing, with));
  return exit_of(problem);
}

}  // namespace

int run(const std::vector<std::string>& arguments, const services& with) {
  try {
    return run_parsed(parse(arguments), with);
  } catch (const error& problem) {
    return refuse(problem, arguments, with);
  }
}

}  // namespace luamig::cli
