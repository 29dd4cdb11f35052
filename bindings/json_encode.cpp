// Lua to JSON. Nothing here has a destructor: what is written and remembered lies in context.json.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "base/text.hpp"
#include "bindings/bytes_argument.hpp"
#include "bindings/json.hpp"
#include "bindings/lazy_row.hpp"
#include "bindings/rows.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

constexpr double past_integers = 9223372036854775808.0;

std::string number_text(double n) {
  std::array<char, 32> room{};
  return {room.data(), std::to_chars(room.data(), room.data() + room.size(), n).ptr};
}

class writer {
 public:
  writer(lua_State* state, const char* word)
      : L(state), word_(word), ctx_(context::of(state)), out_(ctx_.json.text) {
    ctx_.json.path.clear();
    ctx_.json.keys.clear();
  }

  void value(int index) {
    switch (lua_type(L, index)) {
      case LUA_TNIL:
      case LUA_TNONE:
        refuse("is nil", "write null");
      case LUA_TBOOLEAN:
        out_ += lua_toboolean(L, index) != 0 ? "true" : "false";
        return;
      case LUA_TNUMBER:
        return number(lua_tonumber(L, index));
      case LUA_TSTRING:
        return text(bytes_at(L, index));
      case LUA_TTABLE:
        return table(index);
      default:
        return other(index);
    }
  }

 private:
  using step = json_room::step;

  // "config.redis[2]", "" for the whole of it.
  [[nodiscard]] std::string place() const {
    std::string place;
    for (const step& s : ctx_.json.path) {
      if (s.position != 0)
        place += "[" + std::to_string(s.position) + "]";
      else
        place += (place.empty() ? "" : ".") + text::shorten(text::escape_controls(s.key), 100);
    }
    return place.empty() ? "the value" : "'" + place + "'";
  }

  [[noreturn]] void refuse(const std::string& why, const std::string& cure = "") const {
    throw error{errc::migration, std::string(word_) + ": " + place() + " " + why, cure};
  }

  void number(double n) {
    if (!std::isfinite(n)) refuse("is " + number_text(n) + ", which JSON has not", "write null");
    if (is_beyond_exact(n) && std::fabs(n) < past_integers)
      refuse("is " + number_text(n) + ", a number from 2^53 on, which may have lost digits",
             "write exact(\"9007199254740993\") or 9007199254740993LL");
    codec::append_json_number(n, out_);
  }

  void text(std::string_view bytes) {
    if (out_.size() + bytes.size() > longest()) refuse_length();
    if (const auto bad = codec::append_json_text(bytes, out_))
      refuse("is not UTF-8 at offset " + std::to_string(*bad),
             "JSON has no bytes: crypto.base64(bytes) makes a text of them");
  }

  [[nodiscard]] std::size_t longest() const {
    return ctx_.memory.limit == 0 ? 0x7fffff00
                                  : std::min<std::size_t>(ctx_.memory.limit, 0x7fffff00);
  }

  [[noreturn]] void refuse_length() const {
    throw error{errc::migration, std::string(word_) + ": the JSON text would be longer than " +
                                     std::to_string(longest()) + " bytes"};
  }

  void other(int index) {
    const std::string_view kind = kind_of(L, index);
    if (kind == "null") {
      out_ += "null";
      return;
    }
    if (kind == "exact") return digits(digits_of(L, index));
    if (kind == "int64") return digits(int64_digits(L, index));
    if (kind == "blob") refuse("is a blob", "crypto.base64(bytes) makes a text of bytes");
    refuse("is a " + std::string(kind),
           "JSON has texts, numbers, booleans, null, lists and tables");
  }

  void digits(std::string_view spelled) {
    if (spelled.empty()) refuse("is a cdata");
    if (spelled.find_first_not_of("-0123456789.") != std::string_view::npos)
      refuse("is " + std::string(spelled) + ", which JSON has not", "write null");
    out_ += spelled;
  }

  void table(int index) {
    if (ctx_.json.path.size() >= codec::deepest_json)
      refuse("is nested more than 1000 deep", "does it hold itself?");
    if (out_.size() > longest()) refuse_length();
    // Raises where the stack's own bound is met, which this depth does not reach.
    luaL_checkstack(L, 12, "JSON");
    if (lua_getmetatable(L, index) == 0) return plain(index);
    lua_rawgeti(L, -1, shape_mark);
    const bool has_mark = lua_islightuserdata(L, -1);
    lua_pop(L, 2);
    if (has_mark && is_json_object(L, index)) return object(index);
    if (is_json_array(L, index) || kind_of(L, index) == "array") return list(index);
    if (is_row(L, index)) return row(index);
    plain(index);
  }

  // Only rows know columns by place: rows and lists of texts.
  void row(int index) {
    push_row_columns(L, index);  // columns
    const int columns = lua_gettop(L);
    const auto count = static_cast<int>(lua_objlen(L, columns));
    char before = '{';
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L, columns, i);
      key(before, bytes_at(L, -1));
      before = ',';
      lua_rawgeti(L, index, i);
      member(bytes_at(L, -2), true);
      lua_pop(L, 2);
    }
    end(before, '{', '}');
    lua_pop(L, 1);
  }

  void key(char before, std::string_view key) {
    out_ += before;
    if (codec::append_json_text(key, out_))
      refuse("has a key that is not UTF-8", "crypto.base64(bytes) makes a text of bytes");
    out_ += ':';
  }

  void end(char before, char opening, char closing) {
    if (before == opening) out_ += opening;
    out_ += closing;
  }

  // The value on top; where it stands goes into errors.
  void member(std::string_view key, bool nil_is_null) {
    if (nil_is_null && lua_isnil(L, -1)) {
      out_ += "null";
      return;
    }
    ctx_.json.path.push_back({key, 0});
    value(lua_gettop(L));
    ctx_.json.path.pop_back();
  }

  void item(int index, int position) {
    lua_rawgeti(L, index, position);
    if (position > 1) out_ += ',';
    ctx_.json.path.push_back({{}, static_cast<std::size_t>(position)});
    if (lua_isnil(L, -1)) refuse("is nil", "write null; lists count from 1, without gaps");
    value(lua_gettop(L));
    ctx_.json.path.pop_back();
    lua_pop(L, 1);
  }

  void list(int index) {
    const auto count = static_cast<int>(lua_objlen(L, index));
    check_list(index, count, kind_of(L, index) == "array");
    out_ += '[';
    for (int i = 1; i <= count; ++i) item(index, i);
    out_ += ']';
  }

  // No key but 1 … count, and the `n` of an SQL array.
  void check_list(int index, int count, bool has_n) const {
    int seen = 0;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
      lua_pop(L, 1);
      if (lua_type(L, -1) == LUA_TNUMBER) {
        const double position = lua_tonumber(L, -1);
        if (position < 1 || position != std::floor(position))
          refuse("has the key " + number_text(position), "lists count from 1, without gaps");
        ++seen;
      } else if (lua_type(L, -1) != LUA_TSTRING) {
        refuse_key();
      } else if (!has_n || bytes_at(L, -1) != "n") {
        refuse("is a list with the key '" + std::string(bytes_at(L, -1)) + "'",
               "a table is a list or an object, not both");
      }
    }
    if (seen != count)
      refuse("is a list with a gap", "lists count from 1, without gaps: write null");
  }

  // The key on top is neither text nor number.
  [[noreturn]] void refuse_key() const {
    const std::string kind(kind_of(L, -1));
    refuse("has a key that is a " + kind, "keys of an object are texts: tostring(key)");
  }

  void object(int index) {
    lua_getmetatable(L, index);
    const int shape = lua_gettop(L);
    lua_rawgeti(L, shape, shape_keys);     // shape, keys
    lua_rawgeti(L, shape, shape_spelled);  // shape, keys, spelled
    const auto count = static_cast<int>(lua_objlen(L, shape + 1));
    int written = 0;
    char before = '{';
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L, shape + 1, i);  // …, key
      lua_pushvalue(L, -1);
      lua_rawget(L, index);  // …, key, value
      if (!lua_isnil(L, -1)) {
        ++written;
        out_ += before;
        before = ',';
        lua_rawgeti(L, shape + 2, i);
        out_ += bytes_at(L, -1);
        lua_pop(L, 1);
        member(bytes_at(L, -2), false);
      }
      lua_pop(L, 2);
    }
    end(before, '{', '}');
    lua_pop(L, 3);
    check_members(index, written);
  }

  // rawset passes the shape by.
  void check_members(int index, int written) const {
    int seen = 0;
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
      lua_pop(L, 1);
      ++seen;
    }
    if (seen != written)
      refuse("has a key that came by rawset or table.insert", "object.key = value");
  }

  // A table that was not decoded: a list, or an object in the order of its keys' bytes.
  void plain(int index) {
    lua_pushnil(L);
    if (lua_next(L, index) == 0)
      refuse("is an empty table: a list or an object?", "json.array{} or json.object{}");
    lua_pop(L, 1);
    const bool is_list = lua_type(L, -1) == LUA_TNUMBER;
    lua_pop(L, 1);
    if (is_list) return list(index);
    sorted_members(index);
  }

  void sorted_members(int index) {
    std::vector<std::string_view>& keys = ctx_.json.keys;
    const std::size_t from = keys.size();
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
      lua_pop(L, 1);
      if (lua_type(L, -1) == LUA_TNUMBER)
        refuse("has both names and positions", "a table is a list or an object, not both");
      if (lua_type(L, -1) != LUA_TSTRING) refuse_key();
      keys.push_back(bytes_at(L, -1));
    }
    std::sort(keys.begin() + static_cast<std::ptrdiff_t>(from), keys.end());
    const std::size_t to = keys.size();
    char before = '{';
    for (std::size_t i = from; i < to; ++i) {
      const std::string_view name = ctx_.json.keys[i];
      key(before, name);
      before = ',';
      lua_pushlstring(L, name.data(), name.size());
      lua_rawget(L, index);
      member(name, false);
      lua_pop(L, 1);
    }
    ctx_.json.keys.resize(from);
    out_ += '}';
  }

  lua_State* L;
  const char* word_;
  context& ctx_;
  std::string& out_;
};

}  // namespace

void append_json(lua_State* L, int index, const char* word) {
  writer(L, word).value(index < 0 ? lua_gettop(L) + index + 1 : index);
}

int core_json_encode(lua_State* L) {
  std::string& out = context::of(L).json.text;
  out.clear();
  lua_settop(L, 1);
  make_whole(L, 1);
  append_json(L, 1, "json.encode");
  lua_pushlstring(L, out.data(), out.size());
  return 1;
}

}  // namespace luamig::bindings
