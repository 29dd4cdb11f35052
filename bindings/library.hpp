#pragma once

#include <lua.hpp>
#include <map>
#include <string>
#include <string_view>

#include "engine/script_files.hpp"

namespace luamig::bindings {

/// A file that a script may require, and its text with LF line ends.
struct library {
  std::string chunk;  ///< "lib/geo/names.lua", "models.lua"
  std::string source;
};

/// Finds "geo.names" as lib/geo/names.lua, and with `models_too` "models" as
/// models.lua. No link is followed on the way and no name leads outside: names are
/// [A-Za-z0-9_][A-Za-z0-9_.]* without an empty part. Throws error{errc::migration}.
[[nodiscard]] library find_library(engine::script_files& files, std::string_view name,
                                   bool models_too);

/// core.source_of(fn) -> the lines of its file that it stands on, without what is before it on the
/// first, or nothing where they are not to be had
int core_source_of(lua_State* L);
/// core.library(name) -> source, chunk; notes the file as required by the running one.
int core_library(lua_State* L);

}  // namespace luamig::bindings
