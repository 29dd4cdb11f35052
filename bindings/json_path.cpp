// One value of a JSON text by its path: read without the rest, or replaced within the rest.
#include <cmath>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/json.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

using codec::json_kind;
using codec::json_token;

constexpr std::uint32_t none = 0xFFFFFFFF;

[[noreturn]] void refuse_twice(const char* word, std::string_view text, const json_token& key) {
  throw error{errc::migration,
              std::string(word) + ": the JSON text has the key " + std::string(key.of(text)) +
                  " twice in one object, again at offset " + std::to_string(key.at)};
}

/// 'cities' or 3, for errors.
std::string shown_step(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TSTRING)
    return "'" + text::shorten(text::escape_controls(bytes_at(L, index)), 100) + "'";
  if (lua_type(L, index) != LUA_TNUMBER)
    return lua_isnil(L, index) ? "nil" : "a " + std::string(kind_of(L, index));
  std::string spelled;
  codec::append_json_number(lua_tonumber(L, index), spelled);
  return spelled;
}

/// The step of a path that the argument at `index` names.
codec::json_step step_argument(lua_State* L, int index, const char* word) {
  if (lua_type(L, index) == LUA_TSTRING) return {bytes_at(L, index)};
  const double n = lua_tonumber(L, index);
  if (lua_type(L, index) == LUA_TNUMBER && n >= 1 && n == std::floor(n)) return {{}, n};
  throw error{errc::migration,
              std::string(word) + ": a step of the path is " + shown_step(L, index) +
                  ", neither a key nor a position",
              "json.at(text, \"cities\", 1): positions count from 1"};
}

class path {
 public:
  path(lua_State* L, std::string_view text, const char* word)
      : L_(L), ctx_(context::of(L)), text_(text), word_(word) {
    codec::scan_json(text, ctx_.json.tokens);
  }

  [[nodiscard]] const json_token& token(std::uint32_t i) const { return ctx_.json.tokens[i]; }

  /// The value that the argument at `index` names in the container; `none` where there is none.
  [[nodiscard]] std::uint32_t step(std::uint32_t container, int index) const {
    const codec::json_step step = step_argument(L_, index, word_);
    return step.position == 0 ? member(container, step.key) : item(container, step.position);
  }

 private:
  [[nodiscard]] bool is_key(const json_token& key, std::string_view wanted) const {
    if (key.plain) return key.inner(text_) == wanted;
    ctx_.scratch.clear();
    codec::append_unescaped(key.inner(text_), ctx_.scratch);
    return ctx_.scratch == wanted;
  }

  [[nodiscard]] std::uint32_t member(std::uint32_t object, std::string_view wanted) const {
    if (token(object).kind != json_kind::object) return none;
    std::uint32_t found = none;
    std::uint32_t key = object + 1;
    for (std::uint32_t i = 0; i < token(object).count; ++i) {
      if (is_key(token(key), wanted)) {
        if (found != none) refuse_twice(word_, text_, token(key));
        found = key + 1;
      }
      key = token(key + 1).next;
    }
    return found;
  }

  [[nodiscard]] std::uint32_t item(std::uint32_t array, double wanted) const {
    if (token(array).kind != json_kind::array || wanted > token(array).count) return none;
    std::uint32_t found = array + 1;
    for (double i = 1; i < wanted; ++i) found = token(found).next;
    return found;
  }

  lua_State* L_;
  context& ctx_;
  std::string_view text_;
  const char* word_;
};

/// How a new item or member is written behind the others: as the last one is.
struct spacing {
  std::string_view before;  ///< between the comma or the bracket and the item
  std::string_view colon;   ///< between the key and its value
};

std::size_t blanks_before(std::string_view text, std::size_t at) {
  const std::size_t last = text.substr(0, at).find_last_not_of(" \t\r\n");
  return last + 1;
}

spacing spacing_of(const path& p, std::string_view text, std::uint32_t container) {
  const json_token& c = p.token(container);
  if (c.count == 0) return {"", ":"};
  std::uint32_t last = container + 1;
  const bool in_object = c.kind == json_kind::object;
  for (std::uint32_t i = 1; i < c.count; ++i) last = p.token(in_object ? last + 1 : last).next;
  const json_token& first_of_last = p.token(last);
  const std::size_t blank = blanks_before(text, first_of_last.at);
  spacing s{text.substr(blank, first_of_last.at - blank), ":"};
  if (!in_object) return s;
  const std::size_t end_of_key = first_of_last.at + first_of_last.size;
  s.colon = text.substr(end_of_key, p.token(last + 1).at - end_of_key);
  return s;
}

// The new value behind the last one of the container.
void append_new(lua_State* L, const path& p, std::string_view text, std::uint32_t container,
                int step, int value) {
  std::string& out = context::of(L).json.text;
  const json_token& c = p.token(container);
  const std::size_t close = c.at + c.size - 1;
  const std::size_t end = c.count == 0 ? c.at + 1 : blanks_before(text, close);
  const spacing s = spacing_of(p, text, container);
  out = text.substr(0, end);
  if (c.count != 0) out += ',';
  out += s.before;
  if (c.kind == json_kind::object) {
    codec::append_json_text(bytes_at(L, step), out);
    out += s.colon;
  }
  append_json(L, value, "json.set");
  out += text.substr(c.count == 0 ? close : end);
}

void replace(lua_State* L, const path& p, std::string_view text, std::uint32_t old, int value) {
  std::string& out = context::of(L).json.text;
  const json_token& t = p.token(old);
  out = text.substr(0, t.at);
  append_json(L, value, "json.set");
  out += text.substr(t.at + t.size);
}

[[noreturn]] void refuse_step(lua_State* L, const path& p, std::uint32_t container, int step) {
  const bool by_key = lua_type(L, step) == LUA_TSTRING;
  const json_kind kind = p.token(container).kind;
  const std::string where = step == 2 ? "" : " within " + shown_step(L, step - 1);
  std::string message = "json.set: there is no " + shown_step(L, step) + where;
  if (kind != json_kind::object && kind != json_kind::array)
    throw error{errc::migration, message + ": the value there is neither object nor array"};
  if (by_key == (kind == json_kind::array))
    throw error{errc::migration,
                message + ": the value there is an " + (by_key ? "array" : "object")};
  throw error{errc::migration, message,
              by_key ? "set an object there first: json.object{…}"
                     : "a new item stands right behind the last one"};
}

// Whether the last step may name what is not there yet.
bool may_append(lua_State* L, const path& p, std::uint32_t container, int step) {
  const json_token& c = p.token(container);
  if (lua_type(L, step) == LUA_TSTRING) return c.kind == json_kind::object;
  return c.kind == json_kind::array && step_argument(L, step, "json.set").position == c.count + 1.0;
}

void set(lua_State* L, std::string_view text, int last_step) {
  const path p(L, text, "json.set");
  std::uint32_t at = 0;
  for (int i = 2; i <= last_step; ++i) {
    const std::uint32_t next = p.step(at, i);
    if (next != none) {
      at = next;
      continue;
    }
    if (i < last_step || !may_append(L, p, at, i)) refuse_step(L, p, at, i);
    return append_new(L, p, text, at, i, last_step + 1);
  }
  replace(L, p, text, at, last_step + 1);
}

}  // namespace

int core_json_at(lua_State* L) {
  const std::optional<std::string_view> text = view_argument(L, "json.at").bytes;
  if (!text) return lua_pushnil(L), 1;
  context& ctx = context::of(L);
  ctx.json.steps.clear();
  const int last = lua_gettop(L);
  for (int i = 2; i <= last; ++i) ctx.json.steps.push_back(step_argument(L, i, "json.at"));
  const codec::json_found found = codec::find_json(*text, ctx.json.steps);
  if (found.twice.size != 0) refuse_twice("json.at", *text, found.twice);
  if (!found.is_there) return lua_pushnil(L), 1;
  const std::string_view value = found.value.of(*text);
  if (found.value.kind == codec::json_kind::array || found.value.kind == codec::json_kind::object) {
    codec::scan_json(value, ctx.json.tokens);
  } else {
    ctx.json.tokens.assign(1, found.value);
    ctx.json.tokens.front().at = 0;
  }
  push_json(L, value, 0);
  return 1;
}

int core_json_set(lua_State* L) {
  const auto text = bytes_argument(L, "json.set");
  if (!text) throw error{errc::migration, "json.set: the column is NULL", "look for it before"};
  const int value = lua_gettop(L);
  if (value < 3)
    throw error{errc::migration, "json.set: a path and a value are missing",
                "json.set(text, \"redis\", \"port\", 6379)"};
  set(L, *text, value - 1);
  const std::string& out = context::of(L).json.text;
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

}  // namespace luamig::bindings
