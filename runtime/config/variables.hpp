#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/dotenv.hpp"
#include "config/settings.hpp"

namespace luamig::config {

/// The environment of the process and, behind it, the lines of .env. Views both.
class variables {
 public:
  variables(const environment& process, const std::vector<dotenv_entry>& dotenv)
      : process_(process), dotenv_(dotenv) {}

  struct found {
    std::string value;
    std::string from;  ///< the variable's name, or ".env:3"
  };
  [[nodiscard]] std::optional<found> find(const std::string& name) const;

  struct expansion {
    std::string text;
    std::string missing;  ///< the first variable that is not set; then `text` is not complete
    bool malformed = false;
  };
  /// Replaces ${NAME}; $$ is a plain $.
  [[nodiscard]] expansion expand(std::string_view text) const;

 private:
  const environment& process_;
  const std::vector<dotenv_entry>& dotenv_;
};

}  // namespace luamig::config
