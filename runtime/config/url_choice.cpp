#include "config/url_choice.hpp"

#include "config/command_output.hpp"

namespace luamig::config {
namespace {

url_choice refused(const setting& value, const std::string& file, std::string message,
                   std::string hint) {
  return {"", value.from,
          error_at(errc::config, file, value.entry->line, std::move(message), std::move(hint))};
}

url_choice not_set() {
  return {"", "default",
          error(errc::config, "no database URL is set",
                "set url in luamig.toml, or DATABASE_URL, or give -u URL")};
}

/// `url` or `url_command`, as they stand in the file.
class written_url {
 public:
  written_url(const variables& vars, const environment& env, const std::filesystem::path& directory,
              const std::string& file)
      : vars_(vars), env_(env), directory_(directory), file_(file) {}

  url_choice expand(const setting& value) const {
    variables::expansion result = vars_.expand(std::get<std::string>(value.entry->value));
    if (result.malformed) {
      return refused(value, file_, "'url' has a '${' without NAME}", "a plain $ is $$");
    }
    if (!result.missing.empty()) {
      return refused(value, file_, "'url' needs ${" + result.missing + "}, which is not set",
                     "set it in the environment or in .env, or give -u URL");
    }
    if (result.text.empty()) {
      return refused(value, file_, "'url' is empty", "write a URL, or give -u URL");
    }
    return {std::move(result.text), value.from, {}};
  }

  url_choice run(const setting& value) const {
    command_output out = run_command(std::get<std::string>(value.entry->value), directory_, env_);
    if (!out.failure.empty()) {
      return refused(value, file_, "url_command " + out.failure,
                     "its first line of output is to be the database URL");
    }
    return {std::move(out.first_line), "url_command, " + value.from, {}};
  }

 private:
  const variables& vars_;
  const environment& env_;
  const std::filesystem::path& directory_;
  const std::string& file_;
};

}  // namespace

url_choice url_of_flags(const std::optional<std::string>& url, const std::vector<x_argument>& x) {
  std::string of_x;
  for (const auto& [key, value] : x) {
    if (key == "url") of_x = value;
  }
  if (url && !of_x.empty()) {
    throw error(errc::usage, "-u and -x url= are given together", "give one of them");
  }
  if (url && url->empty()) throw error(errc::usage, "-u is empty", "give a URL, or leave it out");
  if (url) return {*url, "-u", {}};
  return {of_x, "-x url", {}};
}

url_choice url_of_project(const setting_table& table, const variables& vars, const environment& env,
                          const std::filesystem::path& directory, const std::string& file) {
  const written_url written(vars, env, directory, file);
  const bool env_url = table.is_of_env("url");
  const bool env_command = table.is_of_env("url_command");
  const setting* url = table.find("url");
  const setting* command = table.find("url_command");
  if (url != nullptr && command != nullptr && env_url == env_command) {
    return refused(*command, file, "both 'url' and 'url_command' are set", "keep one of them");
  }
  if (env_url) return written.expand(*url);
  if (env_command) return written.run(*command);
  if (auto found = vars.find("DATABASE_URL"); found && !found->value.empty()) {
    return {std::move(found->value), std::move(found->from), {}};
  }
  if (url != nullptr) return written.expand(*url);
  if (command != nullptr) return written.run(*command);
  return not_set();
}

}  // namespace luamig::config
