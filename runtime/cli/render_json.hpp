#pragma once

#include <iosfwd>
#include <string_view>

#include "base/error.hpp"
#include "cli/report.hpp"

/// The JSON of docs/json.md: one object a line, each with "event".
namespace luamig::cli {

/// `env` is named in every object where several environments run; else "".
void render_json(const report& what, std::string_view env, std::ostream& out);
void render_json(const error& what, std::string_view env, std::ostream& out);

}  // namespace luamig::cli
