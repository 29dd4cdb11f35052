#include "script/header.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace luamig;
using strings = std::vector<std::string>;

namespace {

/// A file that is complete but for what is tested.
std::string file(const std::string& head) {
  return head + "\nfunction upgrade() end\nfunction downgrade() end\n";
}

script::header scan(const std::string& head) { return script::scan_lua(file(head), "v/a.lua"); }

error failure_of(std::string_view source) {
  try {
    (void)script::scan_lua(source, "v/a.lua");
  } catch (const error& problem) {
    CHECK(problem.code == errc::script);
    CHECK(problem.file == "v/a.lua");
    CHECK(problem.line > 0);
    CHECK_FALSE(problem.hint.empty());
    return problem;
  }
  FAIL("no error");
  return {errc::script, ""};
}

/// "line: message"
std::string refusal_of(std::string_view source) {
  const error problem = failure_of(source);
  return std::to_string(problem.line) + ": " + problem.message;
}
std::string refusal(const std::string& head) { return refusal_of(file(head)); }

}  // namespace

TEST_CASE("header: a whole migration file is read") {
  const script::header head = script::scan_lua(R"(--- Split users.name into first_name and last_name
--
-- Notes: keeps `name`;
--   a later revision drops it.

revision = "c0ffee123456"
down_revision = "77b0c1d2e3f4"    -- nil for a base
branch_labels = nil
depends_on = { 'a', [[b]]; "c", }
-- transactional = false

function upgrade()
  local revision = "inner"
  for i = 1, 2 do if i == 1 then op.execute("end") end end
  op.backfill("users", { revision = "x" }, function(user) while true do break end end)
end

function downgrade()
end

function verify() op.assert_none("SELECT 1") end
)",
                                               "v/a.lua");
  CHECK(head.revision == "c0ffee123456");
  CHECK(head.down_revision == strings{"77b0c1d2e3f4"});
  CHECK(head.branch_labels.empty());
  CHECK(head.depends_on == strings{"a", "b", "c"});
  CHECK(head.transactional);
  CHECK(head.irreversible.empty());
  CHECK(head.message == "Split users.name into first_name and last_name");
  CHECK(head.notes == "Notes: keeps `name`;\n  a later revision drops it.");
  CHECK(head.has_upgrade);
  CHECK(head.has_downgrade);
  CHECK(head.has_verify);
  CHECK(head.revision_line == 6);
  CHECK(head.down_revision_line == 7);
  CHECK(head.branch_labels_line == 8);
  CHECK(head.depends_on_line == 9);
}

TEST_CASE("header: transactional, irreversible and environments are read") {
  const script::header head = script::scan_lua(
      "revision='a' transactional=false irreversible=\"gone\" environments={\"production\"}\n"
      "upgrade = function() end",
      "v/a.lua");
  CHECK_FALSE(head.transactional);
  CHECK(head.irreversible == "gone");
  CHECK(head.environments == strings{"production"});
  CHECK(head.down_revision.empty());
  CHECK(head.down_revision_line == 0);
  CHECK(head.has_upgrade);
  CHECK_FALSE(head.has_downgrade);
}

TEST_CASE("header: a table returned at the end of the file is one too") {
  const script::header head = script::scan_lua(R"(-- Title
local function upgrade(op, db) op.execute("x") end
return {
  revision = "a", down_revision = { "b", "c" },
  upgrade = upgrade,
  downgrade = function(op, db) return { revision = "inner" } end,
  helper = { 1, 2, f() },
};
)",
                                               "v/a.lua");
  CHECK(head.revision == "a");
  CHECK(head.revision_line == 4);
  CHECK(head.down_revision == strings{"b", "c"});
  CHECK(head.has_upgrade);
  CHECK(head.has_downgrade);
  CHECK(head.message == "Title");
}

TEST_CASE("header: a returned table that is not the end, or is not closed, is refused") {
  CHECK(refusal_of("return { revision = 'a' }\n, 2") ==
        "2: return { … } is not the end of the file");
  CHECK(refusal_of("\nreturn { revision = 'a',") == "2: '{' is never closed");
  CHECK(refusal_of("return { revision = r, upgrade = u, downgrade = d }") ==
        "1: 'revision' must be a literal string");
  CHECK(refusal_of("return { revison = 'a' }") ==
        "1: unknown name 'revison' (did you mean 'revision'?)");
}

TEST_CASE("header: only the top level counts") {
  const script::header head = scan(R"(
revision = "outer"
local t = { revision = "field", down_revision = { "field" } }
t.revision = "member"
function t.upgrade() revision = "method" end
function t:downgrade() end
do down_revision = "in a block" end
if x then depends_on = "in if" elseif y then depends_on = "b" else depends_on = "c" end
for revision = 1, #(function() for i = 1, 2 do end return t end)() do branch_labels = "for" end
for k, revision in pairs(t) do end
while not (function() while false do end end)() do branch_labels = "while" end
repeat local revision = "repeat" until revision == "x"
local f = function(revision) revision = "argument" end
f({ revision = [=[ ]] end ]=] }, "-- end", '\'')
if t.revision == "a" then end
goto revision
::revision::
)");
  CHECK(head.revision == "outer");
  CHECK(head.down_revision.empty());
  CHECK(head.depends_on.empty());
  CHECK(head.branch_labels.empty());
}

TEST_CASE("header: strings are decoded as LuaJIT does") {
  const auto reason = [](const std::string& literal) {
    return scan("revision = 'a' irreversible = " + literal).irreversible;
  };
  CHECK(reason(R"("a\tb\\\"\'\65\066\x43\u{fc}\u{1F389}\a")") == "a\tb\\\"'ABCü🎉\a");
  CHECK(reason("\"a\\\nb\\\r\nc\"") == "a\nb\nc");
  CHECK(reason("\"a\\z  \n\t b\"") == "ab");
  CHECK(reason("[[\nfirst\r\nsecond]]") == "first\nsecond");
  CHECK(reason("[==[a]]b]=]c]==]") == "a]]b]=]c");
  CHECK(refusal(R"(revision = "\q")") == "1: invalid escape '\\q' in a string");
  CHECK(refusal("revision = \"a\\z\n\\300\"") == "2: invalid escape '\\3' in a string");
  CHECK(refusal(R"(revision = "\xg0")") == "1: invalid escape '\\x' in a string");
  CHECK(refusal(R"(revision = "\u{d800}")") == "1: invalid escape '\\u' in a string");
  CHECK(refusal(R"(revision = "\u{110000}")") == "1: invalid escape '\\u' in a string");
}

TEST_CASE("header: comments of every form hide what is in them") {
  const script::header head = scan(R"(
--[[ revision = "a" ]] --[==[ revision = "b"
]] ]==] revision = "c" -- revision = "d"
---[[ revision = "e"
--[ revision = "f"
)");
  CHECK(head.revision == "c");
  CHECK(head.revision_line == 3);
}

TEST_CASE("header: the message is the first line of the comment above the first statement") {
  const auto message = [](const std::string& above) {
    return scan(above + "\nrevision='a'").message;
  };
  CHECK(message("-- Plain") == "Plain");
  CHECK(message("---- Many") == "Many");
  CHECK(message("--Tight") == "Tight");
  CHECK(message("\n\n  --- Late  ") == "Late");
  CHECK(message("--\n-- After an empty one") == "After an empty one");
  CHECK(message("#!/usr/bin/env luamig\n--- After the first line") == "After the first line");
  CHECK(message("\xEF\xBB\xBF--- After a mark") == "After a mark");
  CHECK(message("--[[ Long\n  notes ]]") == "Long");
  CHECK(message("--[==[\n\nLong ]] too\n]==]") == "Long ]] too");
  CHECK(message("").empty());
  CHECK(message("local x = 1 -- no message").empty());
  CHECK(script::scan_lua(file("revision = 'a' -- no message"), "a").message.empty());
}

TEST_CASE("header: notes end with the comment block, and keep their inner empty lines") {
  CHECK(scan("--- M\n--\n-- a\n--\n--   b\n--\n\n-- another block\nrevision='a'").notes ==
        "a\n\n  b");
  CHECK(scan("--[[ M\n\n  a\n  b\n]]\nrevision='a'").notes == "  a\n  b");
  CHECK(scan("--- M\n--[[ no note ]]\nrevision='a'").notes.empty());
}

TEST_CASE("header: CRLF and CR line ends count lines as Lua does") {
  const script::header crlf = script::scan_lua(
      "--- M\r\n-- n\r\n\r\nrevision = 'a'\r\nfunction upgrade()\r\nend\r\n"
      "function downgrade() end\r\n",
      "a");
  CHECK(crlf.message == "M");
  CHECK(crlf.notes == "n");
  CHECK(crlf.revision_line == 4);
  CHECK(script::scan_lua("\r\rrevision = 'a' upgrade = f downgrade = f", "a").revision_line == 3);
}

TEST_CASE("header: a byte order mark and a #! line are skipped") {
  const script::header head =
      scan("\xEF\xBB\xBF#!/usr/bin/env luamig revision = 'no'\nrevision='a'");
  CHECK(head.revision == "a");
  CHECK(head.revision_line == 2);
}

TEST_CASE("header: a value that is not a literal is refused with its line") {
  CHECK(refusal("\nrevision = os.time()") == "2: 'revision' must be a literal string");
  CHECK(refusal("revision = 'a' .. 'b'") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = 12") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = nil") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = {'a'}") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = ('a')") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = 'a' or 'b'") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision = 'a', 'b'") == "1: 'revision' must be a literal string");
  CHECK(refusal("revision='a'\ndown_revision = { 'b', c }") ==
        "2: 'down_revision' must be a literal string, a list of strings or nil");
  CHECK(refusal("revision='a'\ndepends_on = { x = 'b' }") ==
        "2: 'depends_on' must be a literal string, a list of strings or nil");
  CHECK(refusal("revision='a'\nbranch_labels = { 'b' .. c }") ==
        "2: 'branch_labels' must be a literal string, a list of strings or nil");
  CHECK(refusal("revision='a'\ntransactional = 'no'") ==
        "2: 'transactional' must be literally true or false");
  CHECK(refusal("revision='a'\ntransactional = not x") ==
        "2: 'transactional' must be literally true or false");
  CHECK(refusal("revision='a'\nirreversible = true") ==
        "2: 'irreversible' must be a literal string, the reason");
  CHECK(refusal("revision='a'\nirreversible = ' '") ==
        "2: 'irreversible' must be a literal string, the reason");
  CHECK(refusal("revision='a'\nenvironments = 5") ==
        "2: 'environments' must be a literal string, a list of strings or nil");
}

TEST_CASE("header: a statement may follow a literal on its line, and a bracket begins one") {
  CHECK(scan("revision = 'a' (f)()").revision == "a");
  CHECK(scan("revision = 'a';down_revision = 'b';;").down_revision == strings{"b"});
  CHECK(scan("revision = 'a' ::label:: down_revision = {}").down_revision.empty());
}

TEST_CASE("header: a name set twice is refused with both lines") {
  CHECK(refusal("revision = 'a'\nrevision = 'a'") == "2: 'revision' is set twice, first on line 1");
  CHECK(refusal_of("revision='a'\nfunction upgrade() end\nupgrade = function() end") ==
        "3: 'upgrade' is set twice, first on line 2");
  CHECK(refusal_of("revision='a'\nreturn {\nrevision = 'b' }") ==
        "3: 'revision' is set twice, first on line 1");
}

TEST_CASE("header: names assigned together are refused") {
  CHECK(refusal("revision, down_revision = 'a', 'b'") ==
        "1: 'revision' is assigned together with other names");
  CHECK(refusal("x,\nrevision = 1, 'a'") == "2: 'revision' is assigned together with other names");
}

TEST_CASE("header: a misspelt name is refused with the right one") {
  CHECK(refusal("revision='a'\ndown_revison = 'b'") ==
        "2: unknown name 'down_revison' (did you mean 'down_revision'?)");
  CHECK(refusal("Revision='a'") == "1: unknown name 'Revision' (did you mean 'revision'?)");
  CHECK(refusal("revision='a'\nbranch_label = 'x'") ==
        "2: unknown name 'branch_label' (did you mean 'branch_labels'?)");
  CHECK(refusal("revision='a'\nfunction downgrad() end") ==
        "2: unknown name 'downgrad' (did you mean 'downgrade'?)");
  CHECK(refusal("revision='a'\nverfiy = function() end") ==
        "2: unknown name 'verfiy' (did you mean 'verify'?)");
}

TEST_CASE("header: names of the author's own are left alone") {
  const script::header head = scan(R"(revision = 'a'
batch = 500
downgrade_sql = [[DROP TABLE t]]
function rename_all() end
function environment() end
local revisions, labels = {}, 1
local function upgrades() end
batch, size = 1, 2
)");
  CHECK(head.revision == "a");
}

TEST_CASE("header: a local of our name is explained") {
  CHECK(refusal("\nlocal revision = 'a'") == "2: 'local revision' hides the name from luamig");
  CHECK(refusal("local x, down_revision = 1, 'b'\nrevision = 'a'") ==
        "1: 'local down_revision' hides the name from luamig");
  CHECK(refusal_of("revision='a'\nlocal function upgrade() end\nfunction downgrade() end") ==
        "2: 'local function upgrade' hides the name from luamig");
}

TEST_CASE("header: ids are checked") {
  const auto id = [](const std::string& value) { return refusal("revision = '" + value + "'"); };
  for (const char* reserved : {"head", "heads", "base", "current", "+1", "-12"}) {
    CHECK(id(reserved) ==
          "1: '" + std::string(reserved) + "' is reserved and cannot be a revision id");
  }
  CHECK(id("a b") == "1: 'a b' is not a valid revision id");
  CHECK(id("a@b") == "1: 'a@b' is not a valid revision id");
  CHECK(id("ü") == "1: 'ü' is not a valid revision id");
  CHECK(id("") == "1: '' is not a valid revision id");
  CHECK(id("\\27") == "1: '\\x1b' is not a valid revision id");
  CHECK(id(std::string(256, 'x')).find("has 256 bytes") != std::string::npos);
  CHECK(scan("revision = '" + std::string(255, 'x') + "'").revision.size() == 255);
  CHECK(scan("revision = '001_initial.Migration'").revision == "001_initial.Migration");
  CHECK(refusal("revision='a'\ndown_revision = {'b', 'head'}") ==
        "2: 'head' is reserved and cannot be a revision id");
}

TEST_CASE("header: what is missing is named") {
  CHECK(refusal("local x = 1") == "1: the file has no revision");
  CHECK(refusal("\ndo revision = 'a' end") ==
        "2: 'revision' is not set at the top level of the file");
  CHECK(refusal_of("\nrevision='a' downgrade = f") == "2: the file has no upgrade()");
  CHECK(refusal_of("\nrevision='a' upgrade = f") == "2: the file has no downgrade()");
  CHECK(refusal_of("revision='a'\nupgrade = nil") == "2: 'upgrade' is not a function");
  CHECK(refusal_of("revision='a'\nfunction revision() end") ==
        "2: 'revision' is set twice, first on line 1");
  CHECK(refusal_of("function revision() end") == "1: 'revision' must be a literal string");
}

TEST_CASE("header: what is unfinished is named with the line it begins on") {
  CHECK(refusal("\nrevision = 'a") == "2: unfinished string");
  CHECK(refusal("revision = 'a\\") == "1: unfinished string");
  CHECK(refusal_of("x = 'a\\") == "1: unfinished string");
  CHECK(refusal_of("x = '\\z  ") == "1: unfinished string");
  CHECK(refusal("\n\n--[[ a") == "3: unfinished comment");
  CHECK(refusal("x = [==[ a ]=]") == "1: unfinished string");
  CHECK(refusal_of("\nfunction upgrade()") == "2: 'function' is never closed");
  CHECK(refusal_of("\n\nf(") == "3: '(' is never closed");
  CHECK(refusal_of("x = { 1, (2 }") == "1: '}' stands where '(' of line 1 is still open");
  CHECK(refusal_of("if x then\n)") == "2: ')' stands where 'if' of line 1 is still open");
  CHECK(refusal_of("repeat\nend") == "2: 'end' stands where 'repeat' of line 1 is still open");
  CHECK(refusal_of("while x\nend") == "2: 'end' stands where 'while' of line 1 is still open");
  CHECK(refusal_of("x = 1\nend") == "2: 'end' closes nothing");
  CHECK(refusal_of("revision = {'a'\n") == "1: '{' is never closed");
}

TEST_CASE("header: what is not text is refused") {
  CHECK(refusal_of("\x1bLJ\x02") == "1: the file is compiled Lua, not source text");
  CHECK(refusal_of("") == "1: the file is empty");
  CHECK(refusal_of("\xEF\xBB\xBF \r\n") == "1: the file is empty");
  CHECK(refusal_of(std::string_view("x = 1\n\0", 7)) ==
        "2: the file holds a zero byte, so it is not text");
  CHECK(refusal_of("x = 1\n\ny = '\xff'") == "3: the file is not valid UTF-8");
  CHECK(refusal_of("-- only a comment") == "1: the file has no revision");
}

TEST_CASE("header: numbers of every form do not disturb") {
  CHECK(scan("x = 1e+5 y = 0xA.8p-1 z = 10LL w = .5 u = 1..2 v = 3ULL revision='a'").revision ==
        "a");
  CHECK(scan("x = 1-1 y = 0xe+1 revision='a'").revision == "a");
}
