#include "cli/surroundings.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/file.hpp"
#include "base/text.hpp"
#include "script/checksum.hpp"
#include "script/requirements.hpp"
#include "script/sql_file.hpp"

namespace luamig::cli {
namespace {

constexpr std::string_view than_then = "when the plan was made";

/// Beginnings of keys.
constexpr std::array<std::string_view, 7> deciding{
    "env",     "version_table", "limits.", "postgres.statement_timeout",
    "sqlite.", "databases.",    "secrets."};

bool decides(std::string_view key) {
  return std::any_of(deciding.begin(), deciding.end(),
                     [&](std::string_view beginning) { return key.starts_with(beginning); });
}

/// The first name whose value is another, or that one of the two lacks.
const std::string* first_moved(const std::map<std::string, std::string>& was,
                               const std::map<std::string, std::string>& is) {
  for (const auto& [name, value] : was) {
    const auto now = is.find(name);
    if (now == is.end() || now->second != value) return &name;
  }
  for (const auto& [name, value] : is) {
    if (!was.contains(name)) return &name;
  }
  return nullptr;
}

std::string moved_argument(const std::string& name, const surroundings& was,
                           const surroundings& is) {
  const std::string argument = "-x '" + name + "' ";
  if (!is.x.contains(name))
    return argument + "was given " + std::string(than_then) + ", and is not now";
  if (!was.x.contains(name)) return argument + "is given, and was not " + std::string(than_then);
  return argument + "is another than " + std::string(than_then);
}

std::string moved_setting(const std::string& key, const surroundings& was, const surroundings& is) {
  const auto said = [&](const surroundings& of) {
    const auto found = of.settings.find(key);
    if (found == of.settings.end()) return std::string("not set");
    return text::in_quotes(found->second);
  };
  return "the setting " + key + " is " + said(is) + ", and was " + said(was) + " " +
         std::string(than_then);
}

}  // namespace

std::string required_checksum(context& in, const script::script& file) {
  if (script::is_sql_name(file.name)) return {};
  return script::checksum_of(script::required_by(in.here.settings().migrations, file.text));
}

surroundings read_surroundings(context& in) {
  surroundings out;
  const config::settings& settings = in.here.settings();
  for (const auto& [name, value] : settings.x) {
    if (name != "url") out.x[name] = script::checksum(value);
  }
  const std::filesystem::path env = settings.migrations / "env.lua";
  if (file::exists(env)) {
    const std::string text = file::read(env);
    out.env_file = script::checksum(text);
    out.env_required = script::checksum_of(script::required_by(settings.migrations, text));
  }
  for (const config::settings::entry& one : settings.entries) {
    if (decides(one.key) && one.from != "default" && !one.value.empty()) {
      out.settings[one.key] = one.value;
    }
  }
  return out;
}

std::string moved(const surroundings& was, const surroundings& is) {
  if (const std::string* name = first_moved(was.x, is.x)) return moved_argument(*name, was, is);
  if (was.env_file != is.env_file) {
    return was.env_file.empty()  ? "there is an env.lua, and was none " + std::string(than_then)
           : is.env_file.empty() ? "there is no env.lua, and was one " + std::string(than_then)
                                 : "env.lua is another file than " + std::string(than_then);
  }
  if (was.env_required != is.env_required) {
    return "what env.lua requires is another than " + std::string(than_then);
  }
  if (const std::string* key = first_moved(was.settings, is.settings)) {
    return moved_setting(*key, was, is);
  }
  return "";
}

void put(json_value& plan, const surroundings& of) {
  plan["x"] = of.x;
  plan["env_lua"] = {{"checksum", of.env_file}, {"required", of.env_required}};
  plan["settings"] = of.settings;
}

surroundings surroundings_of(const json_value& plan) {
  surroundings out;
  out.x = plan.at("x").get<std::map<std::string, std::string>>();
  out.env_file = plan.at("env_lua").at("checksum").get<std::string>();
  out.env_required = plan.at("env_lua").at("required").get<std::string>();
  out.settings = plan.at("settings").get<std::map<std::string, std::string>>();
  return out;
}

}  // namespace luamig::cli
