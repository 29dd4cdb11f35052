#pragma once

#include "script/template.hpp"

namespace luamig::cli {

/// Whether `init` knows this template: migrations written in SQL are of a version to come.
[[nodiscard]] inline bool is_offered(const script::project_template& known) {
  return known.name != "sql";
}
/// Whether `init` writes this file: nothing reads models yet.
[[nodiscard]] inline bool is_offered(const script::template_file& part) {
  return part.name != "models.lua";
}

}  // namespace luamig::cli
