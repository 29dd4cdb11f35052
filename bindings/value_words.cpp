// What core offers on values: exact arithmetic, blob, array, type.
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "bindings/exact.hpp"
#include "bindings/value.hpp"

namespace luamig::bindings {
namespace {

// canonical text for arithmetic: numbers, exact objects, 1LL
std::string arithmetic_digits(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TNUMBER) {
    const double n = lua_tonumber(L, index);
    if (n == std::floor(n) && std::fabs(n) < exact_limit)
      return std::to_string(static_cast<long long>(n));
    throw error{errc::migration,
                "exact arithmetic with the number " + std::to_string(n) + ", which is not exact",
                "write it as text: exact(\"1.2\")"};
  }
  std::string digits(digits_of(L, index));
  if (digits.empty()) digits = int64_digits(L, index);
  if (digits.empty())
    throw error{errc::migration, "exact arithmetic with a " + std::string(kind_of(L, index)),
                "both sides are exact values or integral numbers"};
  return digits;
}

exact_number operand(lua_State* L, int index) {
  const std::string digits = arithmetic_digits(L, index);
  if (auto n = parse_exact(digits)) return *n;
  throw error{errc::migration, digits + " has no exact arithmetic"};
}

std::size_t scale_argument(lua_State* L, int index) {
  const double scale = lua_tonumber(L, index);
  if (lua_type(L, index) != LUA_TNUMBER || scale < 0 || scale > 16383 || scale != std::floor(scale))
    throw error{errc::migration, "the number of places is missing or no integer from 0 on",
                "a:div(b, 2), a:round(2)"};
  return static_cast<std::size_t>(scale);
}

std::string calculate(lua_State* L, std::string_view operation) {
  const exact_number a = operand(L, 2);
  if (operation == "round") return spell(round(a, scale_argument(L, 3)));
  const exact_number b = operand(L, 3);
  if (operation == "add") return spell(add(a, b));
  if (operation == "sub") return spell(subtract(a, b));
  if (operation == "mul") return spell(multiply(a, b));
  if (b.is_zero()) throw error{errc::migration, "division by zero"};
  return spell(divide(a, b, scale_argument(L, 4)));
}

std::string canonical(std::string_view text) {
  if (text == "NaN" || text == "Infinity" || text == "-Infinity") return std::string(text);
  if (const auto n = parse_exact(text)) return spell(*n);
  throw error{errc::migration, "exact(\"" + std::string(text) + "\") is not a number"};
}

}  // namespace

int core_exact(lua_State* L) {
  if (lua_type(L, 1) == LUA_TSTRING) {
    std::size_t size = 0;
    const char* data = lua_tolstring(L, 1, &size);
    context::of(L).scratch = canonical({data, size});
  } else {
    context::of(L).scratch = arithmetic_digits(L, 1);
  }
  push_number(L, context::of(L).scratch);
  return 1;
}

int core_blob(lua_State* L) {
  if (lua_type(L, 1) != LUA_TSTRING)
    throw error{errc::migration, "blob() of a " + std::string(kind_of(L, 1)),
                "blob takes a string of bytes"};
  std::size_t size = 0;
  const char* data = lua_tolstring(L, 1, &size);
  std::memcpy(lua_newuserdata(L, size), data, size);
  push(L, context::of(L).refs.blob_metatable);
  lua_setmetatable(L, -2);
  return 1;
}

int core_array(lua_State* L) {
  if (kind_of(L, 1) == "array") return lua_settop(L, 1), 1;
  if (lua_type(L, 1) != LUA_TTABLE || !is_list(L, 1))
    throw error{errc::migration, "array() of something that is not a list", "array{1, 2, null}"};
  const int count = static_cast<int>(to_list(L, 1, "the array").size());
  lua_createtable(L, count, 1);  // array
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, i);
    lua_rawseti(L, -2, i);
  }
  lua_pushinteger(L, count);
  lua_setfield(L, -2, "n");
  push(L, context::of(L).refs.array_metatable);
  lua_setmetatable(L, -2);
  return 1;
}

int core_type(lua_State* L) {
  luaL_checkany(L, 1);
  const std::string_view kind = kind_of(L, 1);
  lua_pushlstring(L, kind.data(), kind.size());
  return 1;
}

int core_is_null(lua_State* L) {
  lua_pushboolean(L, lua_isnoneornil(L, 1) || kind_of(L, 1) == "null" ? 1 : 0);
  return 1;
}

int core_arithmetic(lua_State* L) {
  const std::string_view operation = luaL_checkstring(L, 1);
  context::of(L).scratch = calculate(L, operation);
  push_number(L, context::of(L).scratch);
  return 1;
}

int core_compare(lua_State* L) {
  const int order = compare(operand(L, 1), operand(L, 2));
  lua_pushinteger(L, order);
  return 1;
}

int core_digits(lua_State* L) {
  const std::string_view digits = digits_of(L, 1);
  if (digits.empty()) return 0;
  lua_pushlstring(L, digits.data(), digits.size());
  return 1;
}

int core_install_exact(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  context::of(L).refs.make_exact = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

}  // namespace luamig::bindings
