#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace luamig::config {

/// One -x argument; no "=": an empty value.
using x_argument = std::pair<std::string, std::string>;

/// One name of [secrets]. Its value is known when a script asks for it: until then an unset
/// variable or a missing file is no error.
struct secret_setting {
  std::string name;
  std::string value;    ///< or the path of the file that holds it
  std::string missing;  ///< a variable that is not set; then there is no value
  bool is_file = false;
  std::string from;  ///< "luamig.toml:7"
};

/// One [databases.NAME]. Whether its URL can be had is known when a script asks for it.
struct database_setting {
  std::string name;
  std::string text;  ///< the URL, or the command that prints it
  bool is_command = false;
  std::string missing;  ///< a variable that is not set; then there is no URL
  std::string from;     ///< "luamig.toml:7"
};

/// Everything that was configured, resolved once. Paths are absolute. Immutable after `load`.
struct settings {
  std::filesystem::path file;       ///< luamig.toml; empty when there is none
  std::filesystem::path directory;  ///< what relative paths are relative to
  std::string env_name;  ///< of -n or LUAMIG_ENV; "" for none; "all": then load each of env_names
  std::vector<std::string> env_names;  ///< every [env.NAME] of the file, in its order

  /// The URL by the order of docs/configuration.md, but for env.lua's url(), which stands between
  /// the flags and the rest: it is asked when `url_from_flag` is false.
  std::string url;
  bool url_from_flag = false;
  /// Set when `url` is "": why, and the cure. To be thrown by a command that needs a database.
  std::optional<error> no_url;

  std::filesystem::path migrations;
  std::vector<std::filesystem::path> version_locations;
  std::string version_table = "luamig_version";
  std::string version_table_schema;
  std::string file_template = "{rev}_{slug}";
  std::chrono::milliseconds lock_wait{60'000};
  bool is_protected = false;

  std::string log_level = "info";
  std::string log_format = "text";

  /// Whether scripts run in a process of their own that is shut in; `required`: as tightly as
  /// luamig can, or not at all.
  enum class sandboxing { off, on, required };
  sandboxing sandbox = sandboxing::off;

  std::int64_t memory_limit = 256 * 1024 * 1024;  ///< bytes; 0: none
  std::chrono::milliseconds time_limit{0};        ///< of a script between two calls; 0: none
  std::chrono::milliseconds total_time_limit{0};  ///< of a revision; 0: none

  std::chrono::milliseconds lock_timeout{2'000};
  std::chrono::milliseconds statement_timeout{0};

  bool foreign_keys = true;
  std::vector<std::string> sqlite_extensions;

  std::vector<x_argument> x;
  std::vector<secret_setting> secrets;      ///< by name
  std::vector<database_setting> databases;  ///< by name

  /// Every value that `luamig config` prints, in a fixed order.
  struct entry {
    std::string key;
    std::string value;  ///< as text, passwords masked
    std::string from;   ///< "-u", "DATABASE_URL", ".env:3", "luamig.toml:7",
                        ///< "[env.production] luamig.toml:21", "default"
  };
  std::vector<entry> entries;
};

/// What the command line says of the configuration.
struct overrides {
  std::optional<std::filesystem::path> config_file;
  std::optional<std::string> env_name;
  std::optional<std::string> url;
  std::vector<std::string> x;  ///< "KEY" or "KEY=VALUE"
  std::optional<std::string> lock_wait;
  std::optional<std::string> statement_timeout;
  std::optional<std::string> sandbox;  ///< "", "require" or "off"
  bool dry_run = false;                ///< then scripts run apart unless `sandbox` says off
};

/// The environment a process sees; a value, so that tests need not touch the real one.
using environment = std::map<std::string, std::string>;
[[nodiscard]] environment process_environment();

/// Reads luamig.toml (searched upwards from `start`), .env beside it, the environment and the
/// flags. Throws error{errc::config} with file and line for a syntax error, an unknown key (with a
/// suggestion), a wrong kind or an unset ${VAR} (but of the URL: see no_url); error{errc::usage}
/// for flags that contradict. Without a luamig.toml a URL from outside and ./migrations are enough.
///
/// Runs url_command where nothing before it gives the URL.
[[nodiscard]] settings load(const overrides& flags, const environment& env,
                            const std::filesystem::path& start);

/// The value of a secret, hidden from then on in everything that is printed; a file's without the
/// line's end behind it. Throws error{errc::config} where there is none of that name, its variable
/// is not set, its file cannot be read, or it is shorter than 8 bytes: then it could not be hidden.
[[nodiscard]] std::string read_secret(const std::vector<secret_setting>& secrets,
                                      std::string_view name);

}  // namespace luamig::config
