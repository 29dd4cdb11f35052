--- Up, down and up again by the operations that undo others, on each engine: for every golden whose
-- operations all have one, the schema is what it was.
local compile = require("luamig.compile")
local core = require("luamig.core")
local goldens = require("goldens")
local op = require("luamig.op")
local operation = require("luamig.operation")
local postgresql = require("postgresql")
local reflect = require("luamig.reflect")
local spec = require("spec")
local sql = require("luamig.sql")
local sqlite = require("sqlite")

-- Everything in PostgreSQL that an operation makes, one object a line.
local CATALOG = [[
  WITH spaces AS (
    SELECT oid, nspname FROM pg_namespace
     WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  ), tables AS (
    SELECT c.* FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace
  )
  SELECT format('relation %s %s %s %s %s %s', oid::regclass, relkind, relpersistence, reloptions,
      obj_description(oid, 'pg_class'), pg_get_partkeydef(oid))
      || CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) ELSE '' END AS line
    FROM tables
  UNION ALL SELECT format('column %s.%s %s %s %s %s %s %s', a.attrelid::regclass, a.attname,
      format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
      pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))
    FROM tables c JOIN pg_attribute a ON a.attrelid = c.oid AND c.relkind IN ('r', 'p')
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname,
      pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid IN (SELECT oid FROM tables)
  UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index
   WHERE indrelid IN (SELECT oid FROM tables)
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger
   WHERE tgrelid IN (SELECT oid FROM tables) AND NOT tgisinternal
  UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
   WHERE pronamespace IN (SELECT oid FROM spaces) AND prokind IN ('f', 'p')
  UNION ALL SELECT format('enum %s %s', enumtypid::regtype, enumlabel) FROM pg_enum
  UNION ALL SELECT 'sequence ' || s::text FROM pg_sequences s
  UNION ALL SELECT 'extension ' || extname FROM pg_extension
  UNION ALL SELECT 'schema ' || nspname FROM spaces
  ORDER BY 1]]

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

local function texts_of(o, facts)
  local texts = {}
  for i, statement in ipairs(compile.statements(o, facts)) do
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
  local database = sqlite.attach(golden.before)
  local ok, problem = pcall(function()
    local before = schema_of(database)
    local done, up = record(golden)
    database:run(up)
    local there = schema_of(database)
    for _, o in ipairs(assert(reversed(done))) do
      database:run(texts_of(o, reflect))
    end
    spec.equal(schema_of(database), before)
    database:run(up)
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
    down[i] = texts_of(o, nil)
  end
  local look = "\\echo =====\n" .. CATALOG .. ";"
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
  spec.equal(parts[4], parts[2])
  spec.equal(parts[5], parts[3])
end

-- A temporary table is gone with the connection: each look at SQLite has its own.
local function is_temporary(o)
  return o.prefixes ~= nil
end

-- Whether every operation of a golden has one that undoes it; asked without a database.
local function is_reversible(golden, dialect)
  core.reset()
  core.now.dialect, core.now.offline = dialect, true
  local ok, done = pcall(record, golden)
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
