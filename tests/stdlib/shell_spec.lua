--- What the shell shows of a value.
local core = require("luamig.core")
local null = core.null
local results = require("luamig.shell.results")
local shown = require("luamig.shell.shown")
local spec = require("spec")

local equal, test = spec.equal, spec.test

local function show(...)
  return shown.results(select("#", ...), ...)
end

test("scalars are shown as Lua spells them, each on its line", function()
  equal(show(), "")
  equal(show(nil), "nil")
  equal(show(1.5, true, null), "1.5\ntrue\nnull")
  equal(show('a "b"\n\1\\'), [["a \"b\"\n\1\\"]])
  equal(#show(("ä"):rep(5000)), 2 + 2000 * 2 + #"…")
  equal(show(print), "function")
end)

test("tables are shown in one order, and no deeper or longer than can be read", function()
  equal(show({}), "{}")
  equal(show({ 1, 2, b = "x", a = { ["no name"] = null } }),
    '{ 1, 2, a = { ["no name"] = null }, b = "x" }')
  local own = {}
  own.own = own
  equal(show(own), "{ own = { … } }")
  local long = {}
  for i = 1, 60 do long[i] = ("x"):rep(10) end
  local lines = select(2, show(long):gsub("\n", "\n"))
  equal(lines, 52)
  local deep = {}
  for _ = 1, 1000 do deep = { deep } end
  equal(show(deep):find("{ … }", 1, true) ~= nil, true)
end)

test("no metamethod of a script's is called", function()
  local function never() error("called") end
  local hostile = setmetatable({ 1 }, {
    __index = never, __len = never, __pairs = never, __tostring = never, __eq = never,
  })
  equal(show(hostile), "{ 1 }")
  equal(show({ hostile, hostile }), "{ { 1 }, { 1 } }")
end)

test("a list of rows is a table: its columns by their names, or as the query had them", function()
  local rows = { { id = 1, name = "Ann" }, { id = 20 } }
  equal(show(rows), "id  name\n--  ----\n 1  Ann\n20  null\n(2 rows)")
  results.wanted = true
  results.note_list(rows, { columns = function() return { "name", "id" } end })
  equal(show(rows), "name  id\n----  --\nAnn    1\nnull  20\n(2 rows)")
  results.wanted = false
  local many = {}
  for i = 1, 250 do many[i] = { n = i } end
  equal(show(many):match("[^\n]*$"), "(100 of 250 rows)")
  equal(show({ { a = ("x"):rep(100) .. "\n" } }), "a\n" .. ("-"):rep(61) .. "\n" ..
    ("x"):rep(60) .. "…\n(1 row)")
end)

test("a list that is none is a table of Lua", function()
  equal(show({ { 1, 2 }, { 3 } }), "{ { 1, 2 }, { 3 } }")
  equal(show({ { a = 1 }, "x" }), '{ { a = 1 }, "x" }')
  equal(show({ { a = 1 }, b = { a = 2 } }), "{ { a = 1 }, b = { a = 2 } }")
end)
