#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/toml_file.hpp"

namespace luamig::config {

/// A setting of luamig.toml as it was found, not expanded yet.
struct setting {
  const toml_entry* entry = nullptr;
  std::string from;  ///< "luamig.toml:7" or "[env.production] luamig.toml:21"
};

/// The settings of a file that count: by key ("limits.memory"), those of
/// the chosen [env.NAME] before the general ones. Views the file.
class setting_table {
 public:
  /// No file.
  setting_table() = default;
  /// Throws error{errc::config} with file and line for a key that there is not, a value of a wrong
  /// kind, and an environment that the file does not have ("" is none).
  setting_table(const toml_file& file, const std::string& path, const std::string& env);

  [[nodiscard]] const setting* find(const std::string& key) const;
  /// Whether the chosen [env.NAME] itself sets the key.
  [[nodiscard]] bool is_of_env(const std::string& key) const;
  /// The names of [secrets] or [databases], those of the chosen [env.NAME] too, sorted.
  [[nodiscard]] std::vector<std::string> names_in(std::string_view section) const;
  [[nodiscard]] const std::vector<std::string>& env_names() const noexcept { return env_names_; }

 private:
  std::map<std::string, setting> settings_;
  std::map<std::string, setting> own_;  ///< those of [env.NAME]
  std::vector<std::string> env_names_;
};

/// -n all: every [env.NAME] in turn, so no section may have the name.
inline constexpr std::string_view all_environments = "all";

}  // namespace luamig::config
