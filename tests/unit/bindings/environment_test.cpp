#include <doctest/doctest.h>

#include <filesystem>
#include <lua.hpp>

#include "fixture.hpp"
#include "support/source_tree.hpp"

using namespace luamig;
using luamig::test::workshop;

TEST_CASE("environment: undeclared globals are errors with a suggestion") {
  workshop w;
  const error read = w.failure("\n return pritn");
  CHECK(read.message == "undeclared global 'pritn' (did you mean 'print'?)");
  CHECK(read.line == 2);
  CHECK(read.file == "versions/x.lua");
  CHECK(w.failure("counter = 1").message ==
        "setting the undeclared global 'counter' inside a function");
}

TEST_CASE("environment: only modules that are there are suggested") {
  workshop w;
  CHECK(w.failure("return jsom").message == "undeclared global 'jsom' (did you mean 'json'?)");
  CHECK(w.failure("return sqll").message == "undeclared global 'sqll' (did you mean 'sql'?)");
  CHECK(w.failure("require('luamig.nosuchmodule')").message == "no module 'luamig.nosuchmodule'");
  CHECK(w.failure("require('luamig.sqll')").message ==
        "no module 'luamig.sqll' (did you mean 'luamig.sql'?)");
}

TEST_CASE("environment: the top level of a file declares") {
  workshop w;
  w.upgrade("limit = limit + 1 later = 2 print(limit, later, depends_on)",
            "limit = 5 later = nil ");
  CHECK(w.output.lines.back() == "6\t2\tnil");
  w.upgrade("print(_G.limit, rawget(_G, 'limit'), _G == _G._G)", "limit = 5 ");
  CHECK(w.output.lines.back() == "5\t5\ttrue");
}

TEST_CASE("environment: nothing leaks from one migration to the next") {
  workshop w;
  w.upgrade("string.format = nil math.pi = 3 string.mine = 1 rawset(_G, 'print', nil)",
            "mine = 1 ");
  CHECK(w.print("string.format('%d', 5), math.pi > 3, string.mine") == "5\ttrue\tnil");
  CHECK(w.failure("return mine").message.find("undeclared global 'mine'") == 0);
}

TEST_CASE("environment: op and db are absent while a file is loaded, and said to be") {
  workshop w;
  const error e = w.load_failure(
      "revision = 'x1'\ndb:execute('DELETE FROM t')\nfunction upgrade() end\n"
      "function downgrade() end");
  CHECK(e.code == errc::script);
  CHECK(e.message == "'db' is absent while a file is only loaded");
  CHECK(e.line == 2);
}

TEST_CASE("environment: the doors stay shut") {
  workshop w;
  for (const char* body : {
           "return getmetatable('').__index.x",
           "setmetatable(_G, {})",
           "getmetatable('').__index = nil",
           "return ffi",
           "return jit",
           "return io",
           "return package",
           "return getfenv(1)",
           "return os.execute('true')",
           "return os.getenv('HOME')",
           "return string.dump(print)",
           "return debug.getinfo(1)",
           "return loadfile('x')",
           "return dofile('x')",
           "return collectgarbage('collect')",
           "return load(function() end)",
           "require('ffi')",
           "require('luamig.core')",
           "require('luamig.environment')",
           "op.mine = 1",
           "assert(load('\\27LJ\\2'))",
       }) {
    const error e = w.failure(body);
    CHECK_MESSAGE(e.code == errc::migration, body);
  }
  CHECK(w.print("getmetatable(''), getmetatable(_G), getmetatable(null), getmetatable(db)") ==
        "false\tfalse\tfalse\tfalse");
}

TEST_CASE("environment: load compiles text in the caller's environment") {
  workshop w;
  w.upgrade("print(load('return mine, 1')()) load('mine = 8')() print(mine)", "mine = 7 ");
  CHECK(w.output.lines == std::vector<std::string>{"7\t1", "8"});
  CHECK(w.print("load('x x')") == "nil\tload:1: '=' expected near 'x'");
  CHECK(w.print("load('return y', 'n', 't', { y = 3 })()") == "3");
}

TEST_CASE("environment: the clock and chance are the step's") {
  workshop w;
  CHECK(w.print("os.time(), os.date('%Y-%m-%d %H:%M:%S')") == "1700000000\t2023-11-14 22:13:20");
  CHECK(
      w.print("os.time({ year = 2024, month = 2, day = 30, hour = 0 }), "
              "os.date('*t', 0).hour, os.time({ year = 1969, month = 12, day = 31, hour = 23 })") ==
      "1709251200\t0\t-3600");
  const std::string first = w.print("math.random(1e9)");
  CHECK(w.print("math.random(1e9)") == first);
}

TEST_CASE("environment: bits beyond 32 are refused") {
  workshop w;
  CHECK(w.print("bit.band(0xffffffff, 255), bit.bor(1, 2, 4), bit.lshift(1, 4), bit.tohex(255)") ==
        "255\t7\t16\t000000ff");
  CHECK(w.failure("return bit.band(2^40, 1)").message ==
        "bit operations have 32 bits; 1099511627776 has more");
}

TEST_CASE("environment: output is escaped and capped") {
  workshop w;
  CHECK(w.print("'a\\27[31mb', nil, 5") == "a\\x1b[31mb\tnil\t5");
  w.upgrade("log('%d rows', 5) log.warn('careful')");
  CHECK(w.output.lines[w.output.lines.size() - 2] == "5 rows");
  w.output.lines.clear();
  w.upgrade("for i = 1, 3000 do print(('x'):rep(1000)) end");
  CHECK(w.output.lines.size() < 1100);
  CHECK(w.output.lines.back() == "the script printed more than 1 MB: the rest is not shown");
}

TEST_CASE("environment: -x arguments have the type of their default") {
  workshop w;
  w.restart({.migrations = {},
             .memory_limit = 0,
             .x = {{"batch", "10"}, {"batch", "20"}, {"dry", "yes"}},
             .stdlib = {}});
  CHECK(w.print(
            "x.batch, type(x.batch), x('batch', 500) + 1, x('size', 500), x('dry', false), x.no") ==
        "20\tstring\t21\t500\ttrue\tnil");
  CHECK(w.failure("x('tenant')").hint == "-x tenant=…");
  CHECK(w.failure("x('dry', 5)").message == "-x dry=yes is not a number");
}

TEST_CASE("environment: sorted_pairs is in order") {
  workshop w;
  CHECK(w.print("table.concat(s, ' ')",
                "local s = {} for k, v in sorted_pairs({ b = 1, a = 2, [3] = 3, [1] = 4 })"
                " do s[#s + 1] = k .. '=' .. v end") == "1=4 3=3 a=2 b=1");
  CHECK(w.print("s",
                "local s = '' for k, v in sorted_pairs(db:one('SELECT NULL AS b, 1 AS a')) do "
                "s = s .. k .. '=' .. tostring(v) .. ' ' end") == "a=1 b=null ");
}

TEST_CASE("require: reads lib, once a migration, and is part of the checksum") {
  workshop w;
  w.add("lib/names.lua",
        "local M = { count = 0 } function M.up(s) M.count = M.count + 1 return s:upper() .. "
        "M.count end return M");
  w.add("lib/geo/city.lua", "return { names = require('names') }");
  CHECK(w.print("n.up('a'), require('geo.city').names.up('b'), require('names') == n",
                "local n = require('names')") == "A1\tB2\ttrue");
  CHECK(w.print("require('names').up('c')") == "C1");
  const std::string one = w.host->required_checksum(*w.scripts.back());
  CHECK(one.size() == 64);
  w.upgrade("require('geo.city')");
  CHECK(w.host->required_checksum(*w.scripts.back()) != one);
  w.upgrade("local a = 1");
  CHECK(w.host->required_checksum(*w.scripts.back()).empty());
}

TEST_CASE("require: a library that failed fails again with its own error") {
  workshop w;
  w.add("lib/bad.lua", "\nerror('no luck')");
  const error e = w.failure("pcall(require, 'bad') require('bad')");
  CHECK(e.message == "no luck");
  CHECK(e.file == "lib/bad.lua");
  CHECK(e.line == 2);
}

TEST_CASE("require: no name leads out of lib") {
  workshop w;
  w.add("lib/inside.lua", "return 1");
  w.add("secret.lua", "return 'secret'");
  w.add("lib/loop_a.lua", "return require('loop_b')");
  w.add("lib/loop_b.lua", "return require('loop_a')");
  std::filesystem::create_symlink(w.root / "secret.lua", w.root / "lib/link.lua");
  std::filesystem::create_directory_symlink(w.root, w.root / "lib/up");
  for (const char* name :
       {"../secret", "..secret", ".secret", "a..b", "/etc/passwd", "link", "up.secret", "",
        "inside.", "inside/", "a\\0b", "models", "luamig.core"}) {
    const error e = w.failure(std::string("require('") + name + "')");
    CHECK_MESSAGE(e.message.find("no") != std::string::npos, std::string(name), ": ", e.message);
    CHECK(e.code == errc::migration);
  }
  CHECK(w.failure("require('insdie')").message.find("did you mean 'inside'?") != std::string::npos);
  CHECK(w.failure("require('loop_a')").message.find("requires itself") != std::string::npos);
}

TEST_CASE("require: an error in a library has the library's place") {
  workshop w;
  w.add("lib/bad.lua", "return {\n  1 2\n}");
  w.add("lib/late.lua", "return { f = function()\n  error('late')\nend }");
  CHECK(w.failure("require('bad')").message.find("lib/bad.lua:2:") != std::string::npos);
  const error e = w.failure("require('late').f()");
  CHECK(e.file == "lib/late.lua");
  CHECK(e.line == 2);
}

TEST_CASE("sandbox: every object a migration reaches is on the allow-list") {
  workshop w;
  w.add("lib/list.lua", file::read(test::source_tree() / "stdlib/luamig/sandbox.lua"));
  w.upgrade(R"lua(
    local list = require("list")
    local allowed = { ["_G"] = true }
    for _, names in ipairs({ list.plain, list.wrapped, list.words, list.modules }) do
      for _, name in ipairs(names) do allowed[name] = true end
    end
    for library, members in pairs(list.libraries) do
      allowed[library] = true
      for _, member in ipairs(members) do allowed[library .. "." .. member] = true end
    end
    for _, name in ipairs(list.denied) do
      if allowed[name] then error("in both lists: " .. name) end
    end
    -- everything that is there when it is named
    local own = { revision = true, upgrade = true, downgrade = true }
    for name in pairs(allowed) do if not name:find("%.") then rawget(_G, name) end end
    for library in pairs(list.libraries) do
      for member, value in pairs(_G[library]) do
        if type(value) ~= "function" and type(value) ~= "number" then error("a " .. type(value) .. ": " .. member) end
        if not allowed[library .. "." .. member] then error("not allowed: " .. library .. "." .. member) end
      end
    end
    for name in pairs(_G) do
      if not allowed[name] and not own[name] then error("not allowed: " .. name) end
    end
    for _, name in ipairs(list.denied) do
      local library, member = name:match("^(%a+)%.(.+)$")
      local ok, found = pcall(function() return member and _G[library][member] or not member and _G[name] end)
      if ok and found then error("reachable: " .. name) end
    end
    for _, word in ipairs({ db, op, sql, x }) do
      if next(word) ~= nil then error("an open word") end
    end
    for _, value in ipairs({ "", null, db, op, exact("1.5"), blob("x"), 5, print }) do
      local metatable = getmetatable(value)
      if type(metatable) == "table" then error("open metatable: " .. type(value)) end
    end)lua");
}

TEST_CASE("sandbox: every name of LuaJIT is allowed or denied") {
  // A fresh state: what a new version of LuaJIT adds shows up here.
  lua_State* L = luaL_newstate();
  luaL_openlibs(L);
  const std::string file = (test::source_tree() / "stdlib/luamig/sandbox.lua").string();
  REQUIRE(luaL_dofile(L, file.c_str()) == 0);
  lua_setglobal(L, "list");
  const int status = luaL_dostring(L, R"lua(
    local known = { list = true }
    for _, names in ipairs({ list.plain, list.wrapped, list.denied }) do
      for _, name in ipairs(names) do known[name] = true end
    end
    for library, members in pairs(list.libraries) do
      known[library] = true
      for _, member in ipairs(members) do known[library .. "." .. member] = true end
    end
    local undecided = {}
    local function decide(name) if not known[name] then undecided[#undecided + 1] = name end end
    for name, value in pairs(_G) do
      decide(name)
      if list.libraries[name] then
        for member in pairs(value) do decide(name .. "." .. member) end
      end
    end
    for name in pairs(package.preload) do decide(name) end
    table.sort(undecided)
    return table.concat(undecided, " ")
  )lua");
  REQUIRE(status == 0);
  CHECK(std::string(lua_tostring(L, -1)) == "");
  lua_close(L);
}
