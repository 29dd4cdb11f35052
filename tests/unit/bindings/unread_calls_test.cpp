#include "bindings/unread_calls.hpp"

#include <doctest/doctest.h>

#include <lua.hpp>
#include <memory>
#include <string>
#include <vector>

using luamig::bindings::lines_of_unread_calls;

namespace {

int append(lua_State*, const void* bytes, std::size_t size, void* to) {
  static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
  return 0;
}

std::vector<std::uint32_t> lines(const std::string& source) {
  const std::unique_ptr<lua_State, void (*)(lua_State*)> L(luaL_newstate(), lua_close);
  REQUIRE(luaL_loadstring(L.get(), source.c_str()) == 0);
  std::string dump;
  REQUIRE(lua_dump(L.get(), append, &dump) == 0);
  return lines_of_unread_calls(dump, "execute");
}

using numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("unread calls: a statement of its own is one, at any depth") {
  CHECK(lines("db:execute('x')") == numbers{1});
  CHECK(lines("db:execute('x', { a = f(1), b = g(2) })") == numbers{1});
  CHECK(lines("db:execute(f())") == numbers{1});
  CHECK(lines("db:execute(...)") == numbers{1});
  CHECK(lines("\nlocal function f(a)\n for i = 1, 2 do if a then db:execute('x') end end end") ==
        numbers{3});
  CHECK(lines("db:execute(a and 'x' or 'y', { b = function() db:execute('z') end })") ==
        numbers{1, 1});
}

TEST_CASE("unread calls: a result that is used in any way is read") {
  CHECK(lines("local n = db:execute('x')").empty());
  CHECK(lines("n = db:execute('x') + 1").empty());
  CHECK(lines("return db:execute('x')").empty());
  CHECK(lines("return (db:execute('x'))").empty());
  CHECK(lines("f(db:execute('x'))").empty());
  CHECK(lines("f(db:execute('x'), 1)").empty());
  CHECK(lines("if db:execute('x') > 0 then f() end").empty());
  CHECK(lines("t = { db:execute('x') }").empty());
  CHECK(lines("for i = 1, db:execute('x') do end").empty());
  CHECK(lines("f(function() return db:execute('x') end)").empty());
}

TEST_CASE("unread calls: a line where one is read has none; other names are none") {
  CHECK(lines("db:execute('x') local n = db:execute('y')").empty());
  CHECK(lines("db:execute('x')\nlocal n = db:execute('y')\ndb:execute('z')") == numbers{1, 3});
  CHECK(lines("db:rows('x') execute('y') local e = db.execute e(db, 'z')").empty());
  CHECK(lines("db:execute('x'):execute('y')").empty());
}
