#include "config/databases.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/command_output.hpp"
#include "db/mask.hpp"

namespace luamig::config {
namespace {

[[noreturn]] void refuse_unknown(const std::vector<database_setting>& databases,
                                 std::string_view name) {
  std::vector<std::string> names;
  for (const database_setting& d : databases) names.push_back(d.name);
  const std::string safe = text::escape_controls(name);
  throw error{errc::config,
              "luamig.toml has no database '" + safe + "'" + text::did_you_mean(name, names),
              "[databases." + safe + "] url = \"…\" names one"};
}

// The one of the two that counts: what the chosen environment says hides the other of the file.
const setting& form_of(const setting_table& table, const std::string& section,
                       const std::string& file) {
  const std::string url = section + ".url";
  const std::string command = section + ".url_command";
  const setting* const by_url = table.find(url);
  const setting* const by_command = table.find(command);
  if (by_url == nullptr) return *by_command;
  if (by_command == nullptr) return *by_url;
  if (table.is_of_env(url) == table.is_of_env(command)) {
    throw error_at(errc::config, file, by_command->entry->line,
                   "both 'url' and 'url_command' are set for '" + section + "'",
                   "keep one of them");
  }
  return table.is_of_env(url) ? *by_url : *by_command;
}

database_setting find_database(const setting_table& table, const variables& vars,
                               const std::string& name, const std::string& file) {
  const std::string section = "databases." + name;
  const setting& found = form_of(table, section, file);
  const std::string& written = std::get<std::string>(found.entry->value);
  if (found.entry->path.back() == "url_command") return {name, written, true, {}, found.from};
  variables::expansion url = vars.expand(written);
  if (url.malformed) {
    throw error_at(errc::config, file, found.entry->line,
                   "'" + section + ".url' has a '${' without NAME}", "a plain $ is $$");
  }
  return {name, std::move(url.text), false, std::move(url.missing), found.from};
}

std::string url_text(const database_setting& of, const settings& from, const environment& env,
                     const std::string& which) {
  if (!of.missing.empty()) {
    throw error{errc::config, which + " needs ${" + of.missing + "}, which is not set",
                "set it in the environment or in .env"};
  }
  if (!of.is_command) return of.text;
  command_output out = run_command(of.text, from.directory, env);
  if (out.failure.empty()) return std::move(out.first_line);
  throw error{errc::config, "url_command of " + which + " " + out.failure,
              "its first line of output is to be the URL of that database"};
}

}  // namespace

std::vector<database_setting> find_databases(const setting_table& table, const variables& vars,
                                             const std::string& file) {
  std::vector<database_setting> all;
  for (const std::string& name : table.names_in("databases")) {
    all.push_back(find_database(table, vars, name, file));
  }
  return all;
}

std::string shown(const database_setting& database) {
  if (database.is_command) return "by url_command, when a migration asks";
  if (!database.missing.empty()) return "needs ${" + database.missing + "}, which is not set";
  return db::mask_url(database.text);
}

db::url read_database(const settings& from, const environment& env, std::string_view name) {
  const auto found = std::find_if(from.databases.begin(), from.databases.end(),
                                  [&](const database_setting& d) { return d.name == name; });
  if (found == from.databases.end()) refuse_unknown(from.databases, name);
  const std::string which = "the database '" + found->name + "' (" + found->from + ")";
  const std::string text = url_text(*found, from, env, which);
  if (text.empty()) throw error{errc::config, which + " has an empty URL", "write one"};
  db::url where = db::parse_url(text, from.directory);
  if (where.kind == db::engine::sqlite && where.file.empty()) {
    throw error{errc::config, which + " is one in memory: nothing is in it",
                "name a file: sqlite:///old.db"};
  }
  return where;
}

}  // namespace luamig::config
