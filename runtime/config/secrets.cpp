#include "config/secrets.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::config {
namespace {

constexpr std::size_t shortest = 8;

[[noreturn]] void refuse_unknown(const std::vector<secret_setting>& secrets,
                                 std::string_view name) {
  std::vector<std::string> names;
  for (const secret_setting& s : secrets) names.push_back(s.name);
  throw error{errc::config,
              "luamig.toml has no secret '" + text::escape_controls(name) + "'" +
                  text::did_you_mean(name, names),
              "[secrets] " + std::string(name) + " = \"${" + std::string(name) + "}\", or " +
                  std::string(name) + " = { file = \"path\" }"};
}

// The text or the file, whichever the chosen environment has; nothing where it has not this form.
const setting* form_of(const setting_table& table, const std::string& key,
                       const std::string& other) {
  const bool hidden =
      table.find(other) != nullptr && table.is_of_env(other) && !table.is_of_env(key);
  return hidden ? nullptr : table.find(key);
}

secret_setting find_secret(const setting_table& table, const variables& vars,
                           const std::string& name, const std::string& file) {
  const std::string key = "secrets." + name;
  const setting* const text = form_of(table, key, key + ".file");
  const setting& found = text != nullptr ? *text : *form_of(table, key + ".file", key);
  variables::expansion value = vars.expand(std::get<std::string>(found.entry->value));
  if (value.malformed) {
    error problem(errc::config, "'" + key + "' has a '${' without NAME}", "a plain $ is $$");
    problem.file = file;
    problem.line = found.entry->line;
    throw problem;
  }
  return {name, std::move(value.text), std::move(value.missing), text == nullptr, found.from};
}

std::string in_file(const secret_setting& secret) {
  std::string value = file::read(secret.value);
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  return value;
}

}  // namespace

std::vector<secret_setting> find_secrets(const setting_table& table, const variables& vars,
                                         const std::filesystem::path& directory,
                                         const std::string& file) {
  std::vector<secret_setting> all;
  for (const std::string& name : table.names_in("secrets")) {
    all.push_back(find_secret(table, vars, name, file));
    if (all.back().is_file) all.back().value = (directory / all.back().value).string();
  }
  return all;
}

std::string read_secret(const std::vector<secret_setting>& secrets, std::string_view name) {
  const auto found = std::find_if(secrets.begin(), secrets.end(),
                                  [&](const secret_setting& s) { return s.name == name; });
  if (found == secrets.end()) refuse_unknown(secrets, name);
  const std::string which = "the secret '" + found->name + "' (" + found->from + ")";
  if (!found->missing.empty())
    throw error{errc::config, which + " needs ${" + found->missing + "}, which is not set",
                "set it in the environment or in .env"};
  std::string value = found->is_file ? in_file(*found) : found->value;
  if (value.size() < shortest)
    throw error{errc::config,
                which + " is shorter than 8 bytes: it could not be hidden in what is printed",
                "`openssl rand -hex 32` makes one"};
  db::hide(value);
  return value;
}

}  // namespace luamig::config
