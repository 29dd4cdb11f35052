--- op.assert_none, assert_some, assert_equal: what they find and how they say it.
local core = require("luamig.core")
local op = require("luamig.op")
local spec = require("spec")
local sqlite = require("sqlite")

local raises, test = spec.raises, spec.test

local function answer(count)
  core.now.answer = function()
    local rows = { columns = { "id", "name" } }
    for i = 1, count do
      rows[i] = { id = i, name = i % 2 == 1 and ("it's " .. i) or nil }
    end
    return rows
  end
end

test("assert_none passes without a row, and shows the rows it finds", function()
  answer(0)
  op.assert_none("SELECT 1")
  answer(2)
  raises("assert_none: the query returns 2 rows\n  id = 1, name = 'it''s 1'\n  id = 2, name = NULL",
    function()
      op.assert_none("SELECT 1")
    end)
  answer(1)
  raises("assert_none: no empty names (the query returns 1 row)\n  id = 1, name = 'it''s 1'",
    function()
      op.assert_none("SELECT 1", { a = 1 }, "no empty names")
    end)
end)

test("assert_none shows ten rows and no more", function()
  answer(12)
  local ok, problem = pcall(op.assert_none, "SELECT 1")
  assert(not ok)
  spec.contains(problem.message, "more than 10 rows")
  local _, lines = problem.message:gsub("\n", "")
  spec.equal(lines, 10)
end)

test("assert_some wants a row", function()
  answer(1)
  op.assert_some("SELECT 1")
  answer(0)
  raises("assert_some: an owner (the query returns no row)", function()
    op.assert_some("SELECT 1", "an owner")
  end)
end)

test("assert_equal compares values", function()
  op.assert_equal(1, 1)
  op.assert_equal(core.null, core.null)
  raises("assert_equal: 1 is not '1'", function()
    op.assert_equal(1, "1")
  end)
  raises("assert_equal: all are moved (NULL is not 2)", function()
    op.assert_equal(core.null, 2, "all are moved")
  end)
end)

test("in --sql SQLite aborts where the check fails, and goes on where it holds", function()
  core.now.offline = true
  local database = sqlite.attach("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);")
  op.assert_some("SELECT a FROM t")
  op.assert_none("SELECT a FROM t WHERE a > 1")
  database:run(spec.sent())
  for _, wrong in ipairs({
    function()
      op.assert_none("SELECT a FROM t")
    end,
    function()
      op.assert_some("SELECT a FROM t WHERE a > 1")
    end,
  }) do
    core.now.sent = {}
    wrong()
    local ok = pcall(database.run, database, spec.sent())
    assert(not ok, "it goes on after " .. spec.sent())
  end
  database:close()
end)
