#pragma once

#include <cstdint>
#include <string_view>

namespace luamig::bindings {

/// A variable from outside of a function that the function, or one within it, assigns.
struct outer_assignment {
  int upvalue = -1;         ///< of the outermost function, from 0; -1: a global
  std::string_view global;  ///< its name, a piece of the dump
  std::uint32_t line = 0;   ///< where; 0: not known
  bool found = false;
};

/// The first one in what lua_dump gives for a function, not stripped. Nothing is found in a dump of
/// another version than LuaJIT 2.1 writes.
[[nodiscard]] outer_assignment find_outer_assignment(std::string_view dump);

/// The same for a table from outside of it that the function changes: by an assignment to a field
/// of it, of what lies in it or of a local that it was given to, by table.insert and its like, or
/// by rawset. Not what it does to what a loop or another function has given it.
[[nodiscard]] outer_assignment find_outer_change(std::string_view dump);

}  // namespace luamig::bindings
