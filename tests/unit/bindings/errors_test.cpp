#include <doctest/doctest.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "fixture.hpp"

using namespace luamig;
using luamig::test::workshop;

namespace {
std::function<void()> at_alarm;

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
  CHECK(w.failure("error(null)").message == "error object is null (no message)");
  CHECK(w.failure("error(exact('1.5'))").message == "error object is an exact number (no message)");
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

TEST_CASE("errors: a text of absurd length is refused before it is made") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 16 * 1024 * 1024, .x = {}, .stdlib = {}});
  const error e = w.failure("db:execute('SELECT 1')\n local s = ('x'):rep(1e10)");
  CHECK(e.message == "string.rep would make a text of 10000000000 bytes; the most is 16777216");
  CHECK(e.line == 2);
  for (const char* body :
       {"string.rep('x', 1e8)", "string.rep('x', 1e7, 'yy')", "string.rep('x', math.huge)",
        "local t = {} for i = 1, 100 do t[i] = "
        "('x'):rep(1e6) end table.concat(t)",
        "table.concat({ 'a', 'b', 'c' }, ('x'):rep(1e7))",
        "string.gsub(('x'):rep(1e6), 'x', ('y'):rep(1000))",
        "string.gsub(('x'):rep(1e6), '.-(.*)', ('%1'):rep(1e4) .. ('y'):rep(2e7))"})
    CHECK_MESSAGE(w.failure(body).message.find("would make a text of") != std::string::npos,
                  std::string(body));
  CHECK(w.failure("string.gsub(('x'):rep(1e6), 'x', { x = ('y'):rep(1000) })").code == errc::limit);
  CHECK(w.print("pcall(string.rep, 'x', 1e10)").starts_with("false\t"));
}

TEST_CASE("errors: the wrapped text functions answer as Lua's") {
  workshop w;
  CHECK(w.print("('ab'):rep(3), ('ab'):rep('2', '-'), ('x'):rep(0), ('x'):rep(-1e300)") ==
        "ababab\tab-ab\t\t");
  CHECK(w.print("table.concat({ 1, 'b', 3 }, '-', 2), table.concat({}), "
                "table.concat({ 'a' }, nil, 1, 0)") == "b-3\t\t");
  CHECK(w.print("('abc'):gsub('%w', '<%0>', 2), ('abc'):gsub('b', { b = 'x' }), "
                "('abc'):gsub('%w', { a = 1, b = false })") == "<a><b>c\taxc\t1bc\t3");
  CHECK(w.failure("local s = string.rep('x', {})").message ==
        "bad argument #2 to 'rep' (number expected, got table)");
  CHECK(w.failure("local s = table.concat({ 'a', {} })").message ==
        "invalid value (table) at index 2 in table for 'concat'");
}

TEST_CASE("errors: memory bombs of every kind end at the limit, in a loop that would be compiled") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 16 * 1024 * 1024, .x = {}, .stdlib = {}});
  for (const char* body :
       {"local t = {} for i = 1, 1e9 do t[i] = ('%d-%s'):format(i, ('z'):rep(50)) end",
        "local t = {} for i = 1, 1e9 do t[i] = select(2, pcall(op.execute, 'SELEC ' .. i)) end",
        "for i = 1, 1e9 do local s = ('%' .. (i % 90 + 1) .. 's'):format(('y'):rep(i * 10000)) end",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local t = {} for i = 1, 1e9 do t['k' .. i] = i end",
        "local t = {} for i = 1, 1e9 do t[i] = function() return i end end",
        "local t = {} for i = 1, 1e9 do t[i] = coroutine.create(function() return i end) end",
        "local s = 'x' while true do s = s .. s end",
        "local t = {} while true do t[#t + 1] = (('ab'):rep(2e6) .. #t):upper():reverse() end"}) {
    const error e = w.failure(body);
    const bool refused = e.message.find("would make a text of") != std::string::npos;
    CHECK_MESSAGE((e.code == errc::limit || refused), std::string(body), e.message);
    CHECK_MESSAGE(e.line == 1, std::string(body));
  }
}

TEST_CASE("errors: a memory limit is told in its own unit") {
  workshop w;
  w.restart({.migrations = {}, .memory_limit = 900 * 1024, .x = {}, .stdlib = {}});
  CHECK(w.failure("local t = {} for i = 1, 1e9 do t[i] = i end").message ==
        "the script used more than its 900 KB of memory");
}

TEST_CASE("errors: a line of the stdlib is not told, the user's own is") {
  workshop w;
  const error e = w.failure("\n log('%d', 'x')");
  CHECK(e.message == "log: bad argument #2 to 'log' (number expected, got string)");
  CHECK(e.line == 2);
  const error sorted = w.failure("\n for _ in sorted_pairs({ [{}] = 1, [{}] = 2 }) do end");
  CHECK(sorted.message == "attempt to compare two table values");
  CHECK(sorted.line == 2);
  CHECK(w.failure("log('%s', setmetatable({}, { __tostring = function() error('mine', 0) end }))")
            .message == "log: mine");
  CHECK(w.print("debug.traceback('x'):find('0x')") == "nil");
}

TEST_CASE("errors: a message of a megabyte is cut") {
  workshop w;
  CHECK(w.failure("error(('m'):rep(1e6))").message.size() == 64 * 1024);
}

TEST_CASE("errors: an interrupt ends a loop of plain arithmetic") {
  workshop w;
  at_alarm = [&] { w.host->interrupt(SIGTERM); };
  const auto before = std::signal(SIGALRM, [](int) { at_alarm(); });
  for (const char* loop : {"while true do end", "local x = 0 for i = 1, math.huge do x = x + i end",
                           "local t = {} while true do t[1] = #t end",
                           "local s = load('while true do end') while true do pcall(s) end"}) {
    w.output.heard = [](std::string_view) { ::ualarm(100'000, 0); };
    const error e = w.failure(std::string("print('now') ") + loop);
    CHECK(e.code == errc::interrupted);
    CHECK(e.line == 1);
  }
  std::signal(SIGALRM, before);
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
