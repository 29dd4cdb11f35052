#include "config/keys.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "config/named_keys.hpp"

namespace luamig::config {
namespace {

enum class kind { text, flag, list, duration, size };

struct known_key {
  std::string_view name;
  kind wanted;
};

constexpr std::array<known_key, 18> known_keys{{{"url", kind::text},
                                                {"url_command", kind::text},
                                                {"migrations", kind::text},
                                                {"version_locations", kind::list},
                                                {"version_table", kind::text},
                                                {"version_table_schema", kind::text},
                                                {"file_template", kind::text},
                                                {"lock_wait", kind::duration},
                                                {"protected", kind::flag},
                                                {"log.level", kind::text},
                                                {"log.format", kind::text},
                                                {"limits.memory", kind::size},
                                                {"limits.time", kind::duration},
                                                {"limits.total_time", kind::duration},
                                                {"postgres.lock_timeout", kind::duration},
                                                {"postgres.statement_timeout", kind::duration},
                                                {"sqlite.foreign_keys", kind::flag},
                                                {"sqlite.extensions", kind::list}}};

/// Keys and sections of a version to come: no reader of a later guide is told that they are typos.
constexpr std::array<std::string_view, 1> later_keys{"postgres.max_block"};

std::string_view expected(kind wanted) {
  switch (wanted) {
    case kind::text:
      return "a text in quotes";
    case kind::flag:
      return "true or false";
    case kind::list:
      return "a list of texts, [\"a\", \"b\"]";
    case kind::duration:
      return "a duration in quotes, \"250ms\", \"60s\", \"2m\", \"1h\" or \"0\"";
    case kind::size:
      return "a size in quotes, \"256MB\", or a number of bytes";
  }
  return "";
}

/// How a value of this kind is written.
std::string_view example(kind wanted) {
  switch (wanted) {
    case kind::text:
      return "\"…\"";
    case kind::flag:
      return "true";
    case kind::list:
      return "[\"…\"]";
    case kind::duration:
      return "\"60s\"";
    case kind::size:
      return "\"256MB\"";
  }
  return "";
}

bool fits(const decltype(toml_entry::value)& value, kind wanted) {
  const auto* number = std::get_if<std::int64_t>(&value);
  switch (wanted) {
    case kind::flag:
      return std::holds_alternative<bool>(value);
    case kind::list:
      return std::holds_alternative<std::vector<std::string>>(value);
    case kind::duration:
      return std::holds_alternative<std::string>(value) || (number != nullptr && *number == 0);
    case kind::size:
      return std::holds_alternative<std::string>(value) || (number != nullptr && *number >= 0);
    case kind::text:
      return std::holds_alternative<std::string>(value);
  }
  return false;
}

/// Whether the path is, or begins, a known key.
bool matches(const key_path& path, std::string_view pattern, bool beginning) {
  const key_path parts = text::split(pattern, '.');
  if (beginning ? path.size() >= parts.size() : path.size() != parts.size()) return false;
  const auto length = static_cast<std::ptrdiff_t>(std::min(path.size(), parts.size()));
  return std::equal(path.begin(), path.begin() + length, parts.begin());
}

constexpr known_key named_key{"NAME", kind::text};

const known_key* find_key(const key_path& path) {
  if (is_secret_key(path) || is_database_key(path)) return &named_key;
  const auto found = std::find_if(known_keys.begin(), known_keys.end(), [&](const known_key& key) {
    return matches(path, key.name, false);
  });
  return found == known_keys.end() ? nullptr : &*found;
}

bool is_later(const key_path& path) {
  if (path.size() == 3 && path[0] == "databases" && path[2] == "write") return true;
  return std::any_of(later_keys.begin(), later_keys.end(), [&](std::string_view key) {
    const key_path parts = text::split(key, '.');
    return path.size() >= parts.size() && std::equal(parts.begin(), parts.end(), path.begin());
  });
}

bool is_section(const key_path& path) {
  if (is_named_section(path)) return true;
  return std::any_of(known_keys.begin(), known_keys.end(),
                     [&](const known_key& key) { return matches(path, key.name, true); });
}

/// The known names that could stand where the last part of the path does.
std::vector<std::string> candidates(const key_path& path) {
  std::vector<std::string> out;
  const key_path above(path.begin(), path.end() - 1);
  for (const known_key& key : known_keys) {
    const key_path parts = text::split(key.name, '.');
    if (!above.empty() && !matches(above, key.name, true)) continue;
    const std::string& name = parts[above.size()];
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

/// A key of this name in another section: the author wrote it below a wrong [heading].
std::optional<std::string> same_name_elsewhere(const key_path& path) {
  for (const known_key& key : known_keys) {
    if (text::split(key.name, '.').back() == path.back()) return std::string(key.name);
  }
  return std::nullopt;
}

/// What the system is given would end there.
bool holds_nul(const decltype(toml_entry::value)& value) {
  const auto in = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  if (const auto* text = std::get_if<std::string>(&value)) return in(*text);
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  return list != nullptr && std::any_of(list->begin(), list->end(), in);
}

/// Checks one file; `path` of an entry stands without "env", NAME.
class checker {
 public:
  explicit checker(const std::string& file) : file_(file) {}

  void check_entry(const key_path& path, const toml_entry& entry) const {
    refuse_later(path, entry.path, entry.line);
    const known_key* key = path.empty() ? nullptr : find_key(path);
    if (key == nullptr) {
      if (path.empty() || is_section(path)) {
        fail(entry.line, "'" + text::join(entry.path, ".") + "' is a section, not a value",
             "write [" + text::join(entry.path, ".") + "] and its keys below");
      }
      unknown("key", path, entry.path, entry.line);
    }
    if (std::string problem = problem_of_name(path); !problem.empty()) {
      fail(entry.line, std::move(problem), "letters, digits and _");
    }
    if (holds_nul(entry.value)) {
      fail(entry.line, "'" + text::join(entry.path, ".") + "' holds a NUL", "take the \\u0000 out");
    }
    if (fits(entry.value, key->wanted)) return;
    fail(entry.line,
         "'" + text::join(entry.path, ".") + "' must be " + std::string(expected(key->wanted)),
         "write " + path.back() + " = " + std::string(example(key->wanted)));
  }

  void check_table(const key_path& path, const toml_table& table) const {
    refuse_later(path, table.path, table.line);
    if (path.empty() || is_section(path)) return;
    if (find_key(path) != nullptr) {
      fail(table.line, "'" + text::join(table.path, ".") + "' is a value, not a section",
           "write " + path.back() + " = …");
    }
    unknown("section", path, table.path, table.line);
  }

  [[noreturn]] void fail(int line, std::string message, std::string hint) const {
    throw error_at(errc::config, file_, line, std::move(message), std::move(hint));
  }

 private:
  void refuse_later(const key_path& path, const key_path& shown, int line) const {
    if (!is_later(path)) return;
    fail(line, "'" + text::join(shown, ".") + "' is not in luamig " + std::string(version),
         "take it out of the file");
  }

  [[noreturn]] void unknown(const std::string& what, const key_path& path, const key_path& shown,
                            int line) const {
    if (const std::string_view form = form_of_named(path); !form.empty()) {
      fail(line, "unknown " + what + " '" + text::join(shown, ".") + "'", std::string(form));
    }
    const std::vector<std::string> names = candidates(path);
    std::string hint = "known here: " + text::join(names, ", ");
    const std::string near = text::did_you_mean(path.back(), names);
    if (const auto other = same_name_elsewhere(path); near.empty() && other) {
      hint = "'" + *other + "' is one; keys of no section stand above the first [section]";
    }
    fail(line, "unknown " + what + " '" + text::join(shown, ".") + "'" + near, hint);
  }

  const std::string& file_;
};

bool in_env(const key_path& path) { return path[0] == "env"; }

key_path without_env(const key_path& path) {
  return in_env(path)
             ? key_path(path.begin() + std::min<std::ptrdiff_t>(2, std::ssize(path)), path.end())
             : path;
}

}  // namespace

setting_table::setting_table(const toml_file& file, const std::string& path,
                             const std::string& env) {
  const checker check(path);
  for (const toml_table& table : file.tables) {
    check.check_table(without_env(table.path), table);
    if (!in_env(table.path) || table.path.size() != 2) continue;
    if (table.path[1] == all_environments) {
      check.fail(table.line, "an environment cannot be named 'all'",
                 "`luamig -n all` stands for every one");
    }
    env_names_.push_back(table.path[1]);
  }
  const std::string name = std::filesystem::path(path).filename().string();
  for (const toml_entry& entry : file.entries) {
    const key_path key = without_env(entry.path);
    check.check_entry(key, entry);
    const std::string at = name + ":" + std::to_string(entry.line);
    if (!in_env(entry.path)) {
      settings_[text::join(key, ".")] = {&entry, at};
    } else if (entry.path[1] == env) {
      own_[text::join(key, ".")] = {&entry, "[env." + env + "] " + at};
    }
  }
  const bool known = std::find(env_names_.begin(), env_names_.end(), env) != env_names_.end();
  if (env.empty() || env == all_environments || known) return;
  check.fail(0, "there is no [env." + env + "]" + text::did_you_mean(env, env_names_),
             env_names_.empty() ? "the file has no [env.NAME]"
                                : "it has: " + text::join(env_names_, ", "));
}

const setting* setting_table::find(const std::string& key) const {
  if (const auto own = own_.find(key); own != own_.end()) return &own->second;
  const auto found = settings_.find(key);
  return found == settings_.end() ? nullptr : &found->second;
}

std::vector<std::string> setting_table::names_in(std::string_view section) const {
  std::vector<std::string> names;
  for (const auto* table : {&settings_, &own_}) {
    for (const auto& [key, found] : *table) {
      const key_path path = text::split(key, '.');
      if (path[0] == section && path.size() > 1) names.push_back(path[1]);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool setting_table::is_of_env(const std::string& key) const { return own_.contains(key); }

}  // namespace luamig::config
