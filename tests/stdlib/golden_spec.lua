--- Every golden: the SQL word for word, and SQLite's run by SQLite itself.
local core = require("luamig.core")
local goldens = require("goldens")
local op = require("luamig.op")
local spec = require("spec")
local sql = require("luamig.sql")
local sqlite = require("sqlite")
local strict = require("luamig.strict")

local function prepare(golden)
  for _, key in ipairs(strict.sorted_keys(golden.now or {})) do
    core.now[key] = golden.now[key]
  end
end

for _, golden in ipairs(goldens) do
  if golden.postgresql then
    spec.test(("golden, postgresql: %s: %s"):format(golden.op, golden.fact), function()
      prepare(golden)
      spec.expect_sql("postgresql", function()
        golden.call(op, sql)
      end, golden.postgresql)
    end)
  end
  if golden.sqlite then
    spec.test(("golden, sqlite: %s: %s"):format(golden.op, golden.fact), function()
      prepare(golden)
      local database = sqlite.attach(golden.before)
      local ok, problem = pcall(function()
        spec.expect_sql("sqlite", function()
          golden.call(op, sql)
        end, golden.sqlite)
        database:run(spec.sent())
      end)
      database:close()
      if not ok then
        error(problem, 0)
      end
    end)
  end
end
