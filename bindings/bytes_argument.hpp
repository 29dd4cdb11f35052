#pragma once

#include <cstddef>
#include <lua.hpp>
#include <optional>
#include <string_view>

namespace luamig::bindings {

/// The text that a word works on: its first argument, or the column of a row that its first two
/// name; nothing for a NULL column. Afterwards the arguments behind it begin at 2. `word` is how
/// the caller is named in errors. The bytes live while the call does.
[[nodiscard]] std::optional<std::string_view> bytes_argument(lua_State* L, const char* word);

/// As bytes_argument, for a word that gives something else than the text itself: the column of a
/// lazy row is read where it lies, without becoming a Lua value, and `unchanged` pushes it if need
/// be.
struct text_view {
  std::optional<std::string_view> bytes;  ///< nothing: a NULL column
  bool is_argument = true;                ///< it is the argument at 1
  /// Pushes the text as it is. // text
  void push(lua_State* L) const;
};
[[nodiscard]] text_view view_argument(lua_State* L, const char* word);

/// The bytes of the text at `index`, which is one. Raises nothing.
[[nodiscard]] inline std::string_view bytes_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* const data = lua_tolstring(L, index, &size);
  return {data, size};
}

/// The bytes of a text argument. Throws error{errc::migration} for anything else: `what` names it.
[[nodiscard]] std::string_view text_argument(lua_State* L, int index, const char* what);

}  // namespace luamig::bindings
