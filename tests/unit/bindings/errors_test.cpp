#include <doctest/doctest.h>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {
bool ends_well(const error& e) { return e.code == errc::migration || e.code == errc::limit; }
}  // namespace

TEST_CASE("errors: an error of the database crosses Lua unharmed") {
  workshop w;
  const error e = w.failure("local x = 1\n\n  db:execute('SELECT * FROM nowhere')");
  CHECK(e.code == errc::migration);
  CHECK(e.kind == "missing_table");
  CHECK(e.sql == "SELECT * FROM nowhere");
  CHECK(e.file == "versions/x.lua");
  CHECK(e.line == 3);
  CHECK(e.function == "upgrade");
}

TEST_CASE("errors: raised again it is the same error") {
  workshop w;
  const error e = w.failure(
      "local ok, err = pcall(function()\n db:execute('SELECT * FROM nowhere') end)\n\n error(err)");
  CHECK(e.kind == "missing_table");
  CHECK(e.line == 2);
}

TEST_CASE("errors: a text keeps its own place") {
  workshop w;
  CHECK(w.failure("\nerror('plain')").message == "plain");
  CHECK(w.failure("\nerror('plain')").line == 2);
  CHECK(w.failure("local function f() error('caller', 2) end\n\n f()\n").line == 3);
  CHECK(w.failure("\n\nlocal t = nil; return t.x").line == 3);
  CHECK(w.failure("local t = nil; return t.x").message ==
        "attempt to index local 't' (a nil value)");
}

TEST_CASE("errors: hostile error objects are described by their type") {
  workshop w;
  const std::string trap = "local trap = function() while true do end end ";
  CHECK(w.failure("error({})").message == "error object is a table (no message)");
  CHECK(w.failure("error({})").line == 1);
  CHECK(w.failure("error(nil)").message == "error object is nil (no message)");
  CHECK(w.failure("error(true)").message == "error object is a boolean (no message)");
  CHECK(w.failure("error(null)").message == "error object is a userdata (no message)");
  CHECK(w.failure("error(exact('1.5'))").message == "error object is a cdata (no message)");
  CHECK(w.failure(trap +
                  "error(setmetatable({}, { __tostring = trap, __index = trap, __gc = trap }))")
            .message == "error object is a table (no message)");
}

TEST_CASE("errors: a stack overflow ends with a sentence") {
  workshop w;
  const error e = w.failure("local function f() return 1 + f() end f()");
  CHECK(e.code == errc::migration);
  CHECK(e.message == "stack overflow: a function calls itself without end");
}

TEST_CASE("errors: C functions that call Lua end before the C stack does") {
  workshop w;
  for (const char* body : {
           "local function f() pcall(f) error('deep') end f()",
           "local function f() return ('x'):gsub('x', f) end f()",
           "local function f() table.sort({ 2, 1 }, f) end f()",
           "local function f() coroutine.wrap(f)() end f()",
           "local function f() assert(coroutine.resume(coroutine.create(f))) end f()",
           "local function f() return string.format('%s', setmetatable({}, {__tostring = f})) end "
           "f()",
           "local function f() db:transaction(f) end f()",
           "local mt = {} mt.__tostring = function(t) return tostring(t) .. 'x' end "
           "tostring(setmetatable({}, mt))",
           "local mt = {} mt.__tostring = function(t) print(t) return 'x' end "
           "print(setmetatable({}, mt))",
           "local mt = {} mt.__index = function(t, k) return t[k] end return setmetatable({}, "
           "mt).x",
           "local mt = {} mt.__lt = function(a, b) return a < b end local t = setmetatable({}, mt) "
           "return t < t",
           "local mt = {} mt.__eq = function(a, b) return a == b end return setmetatable({}, mt) "
           "== setmetatable({}, mt)",
           "local mt = {} mt.__call = function(t) return 1 + t() end return setmetatable({}, mt)()",
           "local mt = {} mt.__concat = function(a, b) return a .. b end return setmetatable({}, "
           "mt) .. 'x'",
           "local mt = {} mt.__pairs = function(t) return pairs(t), 1 end return "
           "pairs(setmetatable({}, mt))",
           "local mt = {} local ok, e = db:try(error, 'x') mt.__tostring = function(t) return e .. "
           "t end return e .. setmetatable({}, mt)",
           "local s = ('('):rep(1e6) assert(load('return ' .. s))",
           "local function f(s) return load(s)(s) end f('local s = ... return 1 + load(s)(s)')",
           "local function f(...) return f(1, ...) end f()",
           "return unpack({}, 1, 1e8)",
       })
    CHECK_MESSAGE(ends_well(w.failure(body)), std::string(body));
  CHECK(w.print("('abc'):gsub('.', function(c) return c .. c end)") == "aabbcc\t3");
}

TEST_CASE("errors: a yield that cannot be is explained") {
  workshop w;
  CHECK(w.failure("coroutine.yield(1)").message.find("coroutine.yield() outside a coroutine") == 0);
  const error e = w.failure(
      "local c = coroutine.wrap(function() assert(pcall(function() coroutine.yield(1) end)) end) "
      "c()");
  CHECK(e.message.find("yield") != std::string::npos);
  CHECK(
      w.print("c(), c()",
              "local c = coroutine.wrap(function() for i = 1, 2 do coroutine.yield(i) end end)") ==
      "1\t2");
}

TEST_CASE("errors: an exceeded memory limit names itself and the line that allocates") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 16 * 1024 * 1024, .x = {}, .stdlib = {}});
  for (const std::string body :
       {"\n db:execute('SELECT 1')\n local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i "
        "end",
        "\n db:execute('SELECT 1')\n while true do pcall(function() local t = {} "
        "while true do t[#t + 1] = { #t } end end) end",
        "\n db:execute('SELECT 1')\n local s = 'x' while true do local ok = "
        "coroutine.resume(coroutine.create(function() s = s .. s end)) end"}) {
    const error e = w.failure(body);
    CHECK(e.code == errc::limit);
    CHECK(e.message == "the script used more than its 16 MB of memory");
    CHECK(e.line == 3);
  }
  CHECK(w.failure("\n local t = {}\n for i = 1, 1e9 do\n  t[i] = { i }\n end").line == 4);
  CHECK(w.print("'still well'") == "still well");
}

TEST_CASE("errors: a request far past the memory limit is refused at once") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 16 * 1024 * 1024, .x = {}, .stdlib = {}});
  const error e = w.failure("db:execute('SELECT 1')\n local s = ('x'):rep(1e8)");
  CHECK(e.code == errc::limit);
  CHECK(e.line == 1);
  CHECK(w.failure("\n pcall(string.rep, 'x', 1e8)").line == 2);
}

TEST_CASE("errors: garbage is collected before the limit is reached") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 32 * 1024 * 1024, .x = {}, .stdlib = {}});
  CHECK(w.print("#s", "local s for i = 1, 3000 do s = ('x'):rep(1024 * 1024) .. i end") ==
        "1048580");
}

TEST_CASE("errors: an interrupt ends an interpreted loop, whatever it catches") {
  workshop w;
  w.output.heard = [&](std::string_view text) {
    if (text == "now") w.host->interrupt(SIGINT);
  };
  for (const char* loop :
       {"while true do pcall(function() end) end",
        "while true do pcall(function() while true do type(pcall(type, 1)) end end) end",
        "while true do coroutine.resume(coroutine.create(function() while true do pcall(type, 1) "
        "end end)) end",
        "while true do xpcall(error, function() end) end"}) {
    const error e = w.failure(std::string("print('now') ") + loop);
    CHECK(e.code == errc::interrupted);
    CHECK(e.signal == SIGINT);
  }
}

TEST_CASE("errors: after an interrupt on_error still runs") {
  workshop w;
  w.add("env.lua", "function on_error(step, err) print(step.revision, err.code, err.message) end");
  engine::step_context step;
  const auto& s = w.load("revision = 'x1'\nfunction upgrade() end function downgrade() end");
  step.script = &s;
  w.host->interrupt(SIGTERM);
  w.host->on_error(step, error(errc::interrupted, "stopped"));
  CHECK(w.output.lines.back() == "x1\tinterrupted\tstopped");
}
