#include "bindings/location.hpp"

#include <cstring>
#include <string>

namespace luamig::bindings {
namespace {

// Deeper frames are recursion in the user's own file: the nearest counts.
constexpr int most_levels = 250;

// The next frame with a line: of the user's, or of the stdlib too.
bool next_frame(lua_State* L, int& level, lua_Debug& frame, bool stdlib_too = false) {
  for (; level < most_levels && lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.currentline > 0 && (stdlib_too || is_user_chunk(frame.source))) return true;
  }
  return false;
}

bool drop_prefix(std::string_view& message, const lua_Debug& frame) {
  const std::string prefix =
      std::string(frame.short_src) + ":" + std::to_string(frame.currentline) + ": ";
  if (!message.starts_with(prefix)) return false;
  message.remove_prefix(prefix.size());
  return true;
}

}  // namespace

bool is_user_chunk(const char* source) noexcept {
  return source[0] == '@' && std::strncmp(source, "@luamig/", 8) != 0;
}

place user_place(lua_State* L) {
  lua_Debug frame{};
  int level = 0;
  if (!next_frame(L, level, frame)) return {};
  return {frame.source + 1, frame.currentline};
}

place place_of_message(lua_State* L, std::string_view& message) {
  lua_Debug frame{};
  for (int level = 0; next_frame(L, level, frame, true); ++level) {
    if (!drop_prefix(message, frame)) continue;
    if (!is_user_chunk(frame.source)) break;
    return {frame.source + 1, frame.currentline};
  }
  return user_place(L);
}

}  // namespace luamig::bindings
