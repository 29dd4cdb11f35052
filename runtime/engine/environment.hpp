#pragma once

#include <string>
#include <vector>

#include "script/script_directory.hpp"

namespace luamig::engine {

/// Which environment a run is in (`-n`), and which luamig.toml knows.
struct environment {
  std::string name;  ///< "" for none
  std::vector<std::string> known;
};

/// Why the file's script does not run here, "" when it does: "for development only". It is recorded
/// all the same, as applied with nothing done.
[[nodiscard]] std::string why_elsewhere(const script::header& head, const environment& here);

/// Throws error{errc::script} for a header that names an environment which luamig.toml has not.
void require_known(const script::script& script, const environment& here);

}  // namespace luamig::engine
