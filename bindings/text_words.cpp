#include "bindings/text_words.hpp"

#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/context.hpp"
#include "bindings/guard.hpp"
#include "codec/unicode.hpp"

namespace luamig::bindings {
namespace {

int change_case(lua_State* L, const char* word, codec::letter_case to) {
  const text_view text = view_argument(L, word);
  if (!text.bytes) return lua_pushnil(L), 1;
  std::string& out = context::of(L).scratch;
  if (!codec::change_case(*text.bytes, to, out)) return text.push(L), 1;
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

std::size_t most_argument(lua_State* L) {
  const double most = lua_tonumber(L, 2);
  if (lua_type(L, 2) == LUA_TNUMBER && most >= 0 && most == std::floor(most) && most < 1e15)
    return static_cast<std::size_t>(most);
  throw error{errc::migration,
              "text.truncate: the number of characters is missing or no integer from 0 on",
              "text.truncate(name, 50)"};
}

// The upvalues are the text, the separator and the offset of the next field; -1: there is none.
int next_field(lua_State* L) {
  const auto at = static_cast<std::ptrdiff_t>(lua_tonumber(L, lua_upvalueindex(3)));
  if (at < 0) return 0;
  const auto from = static_cast<std::size_t>(at);
  const std::string_view text = text_argument(L, lua_upvalueindex(1), "the text");
  const std::string_view separator = text_argument(L, lua_upvalueindex(2), "the separator");
  const std::size_t end = text.find(separator, from);
  const bool last = end == std::string_view::npos;
  lua_pushnumber(L, last ? -1 : static_cast<double>(end + separator.size()));
  lua_replace(L, lua_upvalueindex(3));
  const std::string_view field = text.substr(from, last ? text.size() - from : end - from);
  lua_pushlstring(L, field.data(), field.size());
  return 1;
}

}  // namespace

int core_text_lower(lua_State* L) {
  return change_case(L, "text.lower", codec::letter_case::lower);
}

int core_text_upper(lua_State* L) {
  return change_case(L, "text.upper", codec::letter_case::upper);
}

int core_text_len(lua_State* L) {
  const text_view text = view_argument(L, "text.len");
  if (!text.bytes) return lua_pushnil(L), 1;
  lua_pushnumber(L, static_cast<double>(codec::count_characters(*text.bytes)));
  return 1;
}

int core_text_truncate(lua_State* L) {
  const text_view text = view_argument(L, "text.truncate");
  const std::size_t most = most_argument(L);
  if (!text.bytes) return lua_pushnil(L), 1;
  const std::string_view kept = codec::beginning(*text.bytes, most);
  if (kept.size() == text.bytes->size()) return text.push(L), 1;
  lua_pushlstring(L, kept.data(), kept.size());
  return 1;
}

int core_text_split(lua_State* L) {
  const auto text = bytes_argument(L, "text.split");
  if (text_argument(L, 2, "text.split: the separator").empty())
    throw error{errc::migration, "text.split: the separator is empty",
                "text.split(tags, \",\"); text:gmatch(\".\") gives every byte"};
  lua_settop(L, 2);
  if (!text) {
    lua_pushliteral(L, "");
    lua_replace(L, 1);
  }
  lua_pushnumber(L, text ? 0 : -1);
  lua_pushcclosure(L, guarded<next_field>, 3);
  return 1;
}

int core_text_of(lua_State* L) {
  const std::string_view word = text_argument(L, 1, "the word");
  lua_pushvalue(L, 1);
  lua_remove(L, 1);  // text, …, word: the word stays while its bytes are used
  (void)bytes_argument(L, word.data());
  lua_settop(L, lua_gettop(L) - 1);
  return lua_gettop(L);
}

}  // namespace luamig::bindings
