--- Every golden: the SQL word for word, run by each database itself.
local core = require("luamig.core")
local goldens = require("goldens")
local op = require("luamig.op")
local postgresql = require("postgresql")
local spec = require("spec")
local sql = require("luamig.sql")
local sqlite = require("sqlite")
local strict = require("luamig.strict")

local function prepare(golden)
  for _, key in ipairs(strict.sorted_keys(golden.now or {})) do
    core.now[key] = golden.now[key]
  end
end

local function run_by_postgresql(golden)
  local fact = ("PostgreSQL takes it: %s: %s"):format(golden.op, golden.fact)
  spec.test_with(postgresql.url and postgresql, "LUAMIG_TEST_PG", fact, function()
    core.now.dialect = "postgresql"
    golden.call(op, sql)
    postgresql.try({ golden.before or "", golden.before_postgresql or "", spec.sent() })
  end)
end

for _, golden in ipairs(goldens) do
  if golden.postgresql then
    spec.test(("golden, postgresql: %s: %s"):format(golden.op, golden.fact), function()
      prepare(golden)
      spec.expect_sql("postgresql", function()
        golden.call(op, sql)
      end, golden.postgresql)
    end)
    -- What --sql alone contains is there to fail.
    if not golden.now then
      run_by_postgresql(golden)
    end
  end
  if golden.sqlite_error then
    spec.test(("golden, sqlite: %s is refused: %s"):format(golden.op, golden.fact), function()
      local database = sqlite.attach(golden.before)
      local ok, problem = pcall(golden.call, op, sql)
      database:close()
      assert(not ok, "it is taken")
      spec.equal(problem.message, golden.sqlite_error)
      spec.equal(#core.now.sent, 0)
    end)
  end
  if golden.sqlite then
    spec.test(("golden, sqlite: %s: %s"):format(golden.op, golden.fact), function()
      prepare(golden)
      local database = sqlite.perform((golden.before or "") .. ";" .. (golden.before_sqlite or ""))
      local ok, problem = pcall(spec.expect_sql, "sqlite", function()
        golden.call(op, sql)
      end, golden.sqlite)
      database:close()
      if not ok then
        error(problem, 0)
      end
    end)
  end
end
