#pragma once

#include <map>
#include <string>

#include "cli/context.hpp"
#include "cli/json_line.hpp"

namespace luamig::cli {

/// What decides a run beside its revisions and the database: the -x arguments, env.lua, and the
/// settings that say what a script may do. Which database it is, how long others are waited for and
/// what is printed decide nothing.
struct surroundings {
  std::map<std::string, std::string> x;         ///< by name: the checksum of the value
  std::string env_file;                         ///< the checksum of env.lua; "" where there is none
  std::string env_required;                     ///< of the libraries that it requires
  std::map<std::string, std::string> settings;  ///< by key, those that somebody has set
};

[[nodiscard]] surroundings read_surroundings(context& in);

/// Of all that a file requires, when it is loaded or later, found without running it; "" for
/// nothing.
[[nodiscard]] std::string required_checksum(context& in, const script::script& file);

/// The first thing that is another now, as a sentence: "-x 'tenant' is another than when the plan
/// was made"; "" for none.
[[nodiscard]] std::string moved(const surroundings& was, const surroundings& is);

/// Under the keys of a plan's file.
void put(json_value& plan, const surroundings& of);
/// Throws json_value::exception where they are not as `put` writes them.
[[nodiscard]] surroundings surroundings_of(const json_value& plan);

}  // namespace luamig::cli
