--- Up, down and up again by the operations that undo others, on each engine: for every golden whose
-- operations all have one, the schema is what it was.
local compile = require("luamig.compile")
local core = require("luamig.core")
local goldens = require("goldens")
local op = require("luamig.op")
local operation = require("luamig.operation")
local perform = require("luamig.perform")
local postgresql = require("postgresql")
local reflect = require("luamig.reflect")
local spec = require("spec")
local sql = require("luamig.sql")
local sqlite = require("sqlite")

local look = ("\\echo =====\n\\i %s/../support/postgres_schema.sql"):format(spec.here)
local MARK = "=====\n"

-- The operations that a golden comes to, and the SQL they send.
local function record(golden)
  local done, statements = {}, compile.statements
  compile.statements = function(o, facts)
    done[#done + 1] = o
    return statements(o, facts)
  end
  core.now.sent = {}
  local ok, problem = pcall(golden.call, op, sql)
  compile.statements = statements
  if not ok then
    error(problem, 0)
  end
  return done, spec.sent()
end

-- The operations that undo these, last first; nil when one has none.
local function reversed(done)
  local list = {}
  for i = #done, 1, -1 do
    local back = operation.reverse(done[i])
    if not back then
      return nil
    end
    list[#list + 1] = back
  end
  return list[1] and list
end

local function texts_of(o)
  local texts = {}
  for i, statement in ipairs(compile.statements(o)) do
    texts[i] = statement.sql .. ";"
  end
  return table.concat(texts, "\n")
end

local function without_blanks(printed)
  return (printed:gsub('[%s"]+', ""):gsub("'(\\n)", "%1"))
end

local function schema_of(database)
  local printed = database:run(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' "
      .. "ORDER BY type, name;", "-quote")
  return without_blanks(printed)
end

local function on_sqlite(golden)
  local database = sqlite.perform(golden.before)
  local ok, problem = pcall(function()
    local before = schema_of(database)
    local done = record(golden)
    local there = schema_of(database)
    for _, o in ipairs(assert(reversed(done))) do
      perform.statements(compile.statements(o, reflect))
    end
    spec.equal(schema_of(database), before)
    record(golden)
    spec.equal(schema_of(database), there)
  end)
  database:close()
  if not ok then
    error(problem, 0)
  end
end

local function on_postgresql(golden)
  core.now.dialect = "postgresql"
  local done, up = record(golden)
  local down = {}
  for i, o in ipairs(assert(reversed(done))) do
    down[i] = texts_of(o)
  end
  local printed = postgresql.try({
    "SET LOCAL client_min_messages = warning",
    golden.before or "", (golden.before_postgresql or "") .. ";", look, up, look,
    table.concat(down, "\n"), look, up, look,
  })
  local parts = {}
  for part in (printed .. MARK):gmatch("(.-)" .. MARK) do
    parts[#parts + 1] = part
  end
  spec.equal(#parts, 5)
  spec.contains(parts[2], "schema public")
  spec.equal(parts[4], parts[2])
  spec.equal(parts[5], parts[3])
end

-- A temporary table is gone with the connection: each look at SQLite has its own.
local function is_temporary(o)
  return o.prefixes ~= nil
end

-- Whether every operation of a golden has one that undoes it. PostgreSQL's are told without a
-- database, SQLite's look at the tables.
local function is_reversible(golden, dialect)
  core.reset()
  core.now.dialect, core.now.offline = dialect, dialect == "postgresql"
  local database = dialect == "sqlite" and sqlite.perform(golden.before)
  local ok, done = pcall(record, golden)
  if database then
    database:close()
  end
  for _, o in ipairs(ok and done or {}) do
    if is_temporary(o) and dialect == "sqlite" then
      return false
    end
  end
  return ok and reversed(done) ~= nil
end

local counted = { sqlite = 0, postgresql = 0 }
for _, golden in ipairs(goldens) do
  local fact = ("%s: %s"):format(golden.op, golden.fact)
  for _, dialect in ipairs({ "sqlite", "postgresql" }) do
    if golden[dialect] and not golden.now and is_reversible(golden, dialect) then
      counted[dialect] = counted[dialect] + 1
      if dialect == "sqlite" then
        spec.test("up, down, up on SQLite: " .. fact, function() on_sqlite(golden) end)
      else
        spec.test_with(postgresql.url, "LUAMIG_TEST_PG", "up, down, up on PostgreSQL: " .. fact,
          function() on_postgresql(golden) end)
      end
    end
  end
end

spec.test("enough goldens can be undone for the facts above to mean something", function()
  assert(counted.sqlite >= 8, counted.sqlite .. " on SQLite")
  assert(counted.postgresql >= 8, counted.postgresql .. " on PostgreSQL")
end)

core.reset()
