#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

namespace luamig::cli {

using json_value = nlohmann::ordered_json;

/// One object on a line of its own, and out at once: a reader at the other end of a pipe sees each
/// step when it ends. Bytes that are not UTF-8 become U+FFFD.
inline void print_line(std::ostream& out, std::string_view env, json_value object) {
  if (!env.empty()) {
    object["env"] = env;
  }
  out << object.dump(-1, ' ', false, json_value::error_handler_t::replace) << '\n' << std::flush;
}

}  // namespace luamig::cli
