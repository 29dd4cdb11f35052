#include "config/settings.hpp"

#include <unistd.h>

#include <algorithm>
#include <span>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/databases.hpp"
#include "config/keys.hpp"
#include "config/locate.hpp"
#include "config/secrets.hpp"
#include "config/toml_file.hpp"
#include "config/url_choice.hpp"
#include "config/variables.hpp"
#include "db/mask.hpp"
#include "db/url.hpp"

namespace luamig::config {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::int64_t least_memory = 1024 * 1024;  // an empty script takes 200 KB

std::string list_text(const std::vector<std::string>& items) { return text::join(items, ", "); }

/// Takes the settings out of the table, one by one, and keeps a record of each.
class reader {
 public:
  reader(const setting_table& table, const variables& vars, std::string file)
      : table_(table), vars_(vars), file_(std::move(file)) {}

  std::string text(const std::string& key, std::string by_default) {
    const setting* found = table_.find(key);
    if (found == nullptr) return record(key, std::move(by_default), "default");
    return record(key, expanded(key, *found), found->from);
  }

  std::string one_of(const std::string& key, std::string by_default,
                     const std::vector<std::string>& allowed) {
    std::string value = text(key, std::move(by_default));
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return value;
    fail(key, "'" + value + "' is not a " + key + text::did_you_mean(value, allowed),
         "one of " + list_text(allowed));
  }

  bool flag(const std::string& key, bool by_default) {
    const setting* found = table_.find(key);
    const bool value = found == nullptr ? by_default : std::get<bool>(found->entry->value);
    record(key, value ? "true" : "false", found == nullptr ? "default" : found->from);
    return value;
  }

  std::vector<std::string> list(const std::string& key) {
    const setting* found = table_.find(key);
    if (found == nullptr) return {};
    std::vector<std::string> items;
    for (const std::string& item : std::get<std::vector<std::string>>(found->entry->value)) {
      items.push_back(expanded(key, item));
    }
    return items;
  }

  milliseconds duration(const std::string& key, std::string by_default,
                        const std::optional<std::string>& flag = {}, std::string_view name = {}) {
    if (flag) return duration_flag(key, *flag, name);
    const std::string value = number_or_text(key, std::move(by_default));
    if (const auto parsed = text::parse_duration_ms(value)) return milliseconds(*parsed);
    fail(key, "'" + key + "' '" + value + "' is not a duration",
         "write \"250ms\", \"60s\", \"2m\", \"1h\" or \"0\"");
  }

  std::int64_t size(const std::string& key, std::string by_default) {
    const std::string value = number_or_text(key, std::move(by_default));
    if (const auto parsed = text::parse_size(value)) return *parsed;
    fail(key, "'" + key + "' '" + value + "' is not a size",
         "write \"256MB\", \"1GB\" or a number of bytes");
  }

  std::string record(const std::string& key, std::string value, std::string from) {
    entries_.push_back({key, value, std::move(from)});
    return value;
  }
  /// Shows another text than the value for what was recorded last.
  void show_as(std::string shown) { entries_.back().value = std::move(shown); }

  std::string from(const std::string& key) const {
    const setting* found = table_.find(key);
    return found == nullptr ? "default" : found->from;
  }

  [[noreturn]] void fail(const std::string& key, std::string message, std::string hint) const {
    error problem(errc::config, std::move(message), std::move(hint));
    problem.file = file_;
    if (const setting* found = table_.find(key)) problem.line = found->entry->line;
    throw problem;
  }

  std::vector<settings::entry> take_entries() { return std::move(entries_); }

 private:
  std::string expanded(const std::string& key, const setting& found) const {
    return expanded(key, std::get<std::string>(found.entry->value));
  }

  std::string expanded(const std::string& key, const std::string& raw) const {
    variables::expansion result = vars_.expand(raw);
    if (result.malformed) fail(key, "'" + key + "' has a '${' without NAME}", "a plain $ is $$");
    if (!result.missing.empty()) {
      fail(key, "'" + key + "' needs ${" + result.missing + "}, which is not set",
           "set it in the environment or in .env; a plain $ is $$");
    }
    return std::move(result.text);
  }

  std::string number_or_text(const std::string& key, std::string by_default) {
    const setting* found = table_.find(key);
    if (found == nullptr) return record(key, std::move(by_default), "default");
    const auto* number = std::get_if<std::int64_t>(&found->entry->value);
    if (number != nullptr) return record(key, std::to_string(*number), found->from);
    return record(key, expanded(key, *found), found->from);
  }

  milliseconds duration_flag(const std::string& key, const std::string& value,
                             std::string_view flag) {
    const auto parsed = text::parse_duration_ms(value);
    if (!parsed) {
      throw error(errc::usage, std::string(flag) + ": '" + value + "' is not a duration",
                  "write 250ms, 60s, 2m, 1h or 0");
    }
    record(key, value, std::string(flag));
    return milliseconds(*parsed);
  }

  const setting_table& table_;
  const variables& vars_;
  std::string file_;
  std::vector<settings::entry> entries_;
};

std::vector<x_argument> split_x(const std::vector<std::string>& arguments) {
  std::vector<x_argument> out;
  for (const std::string& argument : arguments) {
    const std::size_t equals = std::min(argument.find('='), argument.size());
    if (equals == 0) {
      throw error(errc::usage, "-x '" + argument + "' has no name", "write -x KEY=VALUE or -x KEY");
    }
    const std::size_t value = std::min(equals + 1, argument.size());
    out.emplace_back(argument.substr(0, equals), argument.substr(value));
  }
  return out;
}

fs::path below(const fs::path& directory, const std::string& path) {
  fs::path out = (directory / path).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

void read_places(reader& from, settings& into) {
  into.migrations = below(into.directory, from.text("migrations", "migrations"));
  from.show_as(into.migrations.string());
  for (const std::string& place : from.list("version_locations")) {
    into.version_locations.push_back(below(into.directory, place));
  }
  if (into.version_locations.empty()) into.version_locations = {into.migrations / "versions"};
  std::vector<std::string> shown;
  for (const fs::path& place : into.version_locations) shown.push_back(place.string());
  from.record("version_locations", list_text(shown), from.from("version_locations"));
}

void read_general(reader& from, const overrides& flags, settings& into) {
  into.version_table = from.text("version_table", into.version_table);
  if (into.version_table.empty()) {
    from.fail("version_table", "'version_table' is empty", "leave it out for luamig_version");
  }
  for (const std::string_view taken : {"luamig_history", "luamig_progress", "luamig_rejects",
                                       "luamig_undo", "luamig_lock", "luamig_meta"}) {
    if (into.version_table != taken) continue;
    from.fail("version_table",
              text::in_quotes(taken) + " is the name of another of luamig's own tables",
              "leave it out for luamig_version");
  }
  into.version_table_schema = from.text("version_table_schema", "");
  into.file_template = from.text("file_template", into.file_template);
  into.lock_wait = from.duration("lock_wait", "60s", flags.lock_wait, "--lock-wait");
  into.is_protected = from.flag("protected", false);
  into.log_level = from.one_of("log.level", "info", {"debug", "info"});
  into.log_format = from.one_of("log.format", "text", {"text", "json"});
}

void read_limits(reader& from, const overrides& flags, settings& into) {
  into.memory_limit = from.size("limits.memory", "256MB");
  if (into.memory_limit != 0 && into.memory_limit < least_memory) {
    from.fail("limits.memory", "'limits.memory' is too little for any script",
              "write \"1MB\" or more; 0 is no limit");
  }
  const std::string sandbox = flags.sandbox.value_or(flags.dry_run ? "" : "off");
  into.sandbox = sandbox == "off"       ? settings::sandboxing::off
                 : sandbox == "require" ? settings::sandboxing::required
                                        : settings::sandboxing::on;
  const bool limited = flags.dry_run || into.sandbox != settings::sandboxing::off;
  into.time_limit = from.duration("limits.time", limited ? "30s" : "0");
  into.total_time_limit = from.duration("limits.total_time", "0");
  into.lock_timeout = from.duration("postgres.lock_timeout", "2s");
  into.statement_timeout = from.duration("postgres.statement_timeout", "0", flags.statement_timeout,
                                         "--statement-timeout");
  into.foreign_keys = from.flag("sqlite.foreign_keys", true);
  into.sqlite_extensions = from.list("sqlite.extensions");
  from.record("sqlite.extensions", list_text(into.sqlite_extensions),
              from.from("sqlite.extensions"));
}

void choose_url(reader& from, const setting_table& table, const variables& vars,
                const overrides& flags, const environment& env, settings& into) {
  url_choice chosen = url_of_flags(flags.url, into.x);
  into.url_from_flag = !chosen.url.empty();
  if (!into.url_from_flag) {
    chosen = url_of_project(table, vars, env, into.directory, into.file.string());
  }
  into.url = std::move(chosen.url);
  into.no_url = std::move(chosen.problem);
  from.record("url", db::mask_url(into.url), std::move(chosen.from));
}

std::string choose_env(const overrides& flags, const environment& env) {
  if (flags.env_name) {
    if (!flags.env_name->empty()) return *flags.env_name;
    throw error(errc::usage, "-n is empty", "name an environment, or leave it out");
  }
  const auto variable = env.find("LUAMIG_ENV");
  return variable == env.end() ? "" : variable->second;
}

std::vector<dotenv_entry> read_dotenv(const fs::path& directory) {
  const fs::path path = directory / ".env";
  std::error_code ignored;
  // A directory with this name is a Python environment.
  if (!file::exists(path) || fs::is_directory(path, ignored)) return {};
  return parse_dotenv(file::read(path), path.string());
}

/// Without luamig.toml there must be a URL from outside, and migrations where they usually are.
void check_without_file(const settings& made, const overrides& flags, const environment& env,
                        const variables& vars) {
  if (!flags.env_name.value_or("").empty()) {
    throw error(errc::config, "there is no [env." + *flags.env_name + "]: no luamig.toml was found",
                "`luamig init` makes one");
  }
  const bool has_url = !url_of_flags(flags.url, made.x).url.empty() || vars.find("DATABASE_URL");
  if (!has_url || !file::is_directory(made.directory / "migrations")) {
    throw no_file(env, made.directory);
  }
}

}  // namespace

environment process_environment() {
  environment env;
  for (char** at = ::environ; *at != nullptr; ++at) {
    const std::string_view pair = *at;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    env.emplace(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return env;
}

settings load(const overrides& flags, const environment& env, const fs::path& start) {
  const fs::path here = fs::absolute(start).lexically_normal();
  settings made;
  made.x = split_x(flags.x);
  made.env_name = choose_env(flags, env);
  made.file = locate(flags, env, here);
  made.directory = made.file.empty() ? here : made.file.parent_path();
  const std::vector<dotenv_entry> dotenv = read_dotenv(made.directory);
  const variables vars(env, dotenv);
  if (made.file.empty()) check_without_file(made, flags, env, vars);

  const std::string path = made.file.string();
  const toml_file file = path.empty() ? toml_file{} : parse_toml(file::read(made.file), path);
  const setting_table table(file, path, made.env_name);
  made.env_names = table.env_names();
  reader from(table, vars, path);
  from.record("config", path, path.empty() ? "none found" : "file");
  from.record("env", made.env_name,
              flags.env_name          ? "-n"
              : made.env_name.empty() ? "default"
                                      : "LUAMIG_ENV");
  choose_url(from, table, vars, flags, env, made);
  read_places(from, made);
  read_general(from, flags, made);
  read_limits(from, flags, made);
  made.secrets = find_secrets(table, vars, made.directory, path);
  for (const secret_setting& secret : made.secrets)
    from.record("secrets." + secret.name, "***", secret.from);
  made.databases = find_databases(table, vars, path);
  for (const database_setting& database : made.databases)
    from.record("databases." + database.name, shown(database), database.from);
  made.entries = from.take_entries();
  return made;
}

}  // namespace luamig::config
