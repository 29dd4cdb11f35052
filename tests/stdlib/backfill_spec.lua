--- op.backfill: what it sends, and how large its batches are.
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local op = require("luamig.op")
local parts = require("luamig.data.parts")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, raises, test = spec.equal, spec.raises, spec.test

-- A table `users` with these columns; `rows` are what is read of it.
local function users(dialect, rows)
  core.now.dialect = dialect
  core.now.answer = function(text)
    if text:find("format_type", 1, true) or text:find("table_xinfo", 1, true) then
      return {
        { name = "id", type = dialect == "sqlite" and "INTEGER" or "bigint", not_null = 1, pk = 1,
          place = 1 },
        { name = "name", type = "text", not_null = 0, pk = 0 },
        { name = "tags", type = "text[]", not_null = 0, pk = 0, as_text = true },
      }
    elseif text:find("pg_inherits", 1, true) then
      return {}
    elseif text:find("relkind", 1, true) or text:find("WHERE type = 'table'", 1, true) then
      return { { id = 1 } }
    end
    local found = text:find("FROM users ORDER BY", 1, true) and rows or {}
    core.now.asked = found == rows and text or core.now.asked
    return found
  end
end

local function texts()
  local list = {}
  for i, sent in ipairs(core.now.sent) do
    list[i] = sent.sql
  end
  return list
end

test("on PostgreSQL a block is one statement, with an array for each column", function()
  local blocks = require("luamig.dialect.postgresql.blocks")
  local types = { id = { name = "bigint" }, tags = { name = "text[]", as_text = true } }
  equal(blocks.update("users", { "id" }, { "tags" }, types),
    "UPDATE users AS changed SET tags = given.v2::text[] FROM "
      .. "unnest((SELECT $1::bigint[]), (SELECT $2::text[])) AS given (v1, v2) "
      .. "WHERE changed.id = given.v1")
  equal(blocks.delete("users", { "id" }, types),
    "DELETE FROM users AS changed USING unnest((SELECT $1::bigint[])) AS given (v1) "
      .. "WHERE changed.id = given.v1")
end)

test("on SQLite a block is run for each row, or an UPDATE calls the function", function()
  local blocks = require("luamig.dialect.sqlite.blocks")
  equal(blocks.update("users", { "id" }, { "name" }), "UPDATE users SET name = ?2 WHERE id = ?1")
  local visit = { way = "INDEXED BY users_id", rowid = "oid", by_rowid = false }
  local head, call = blocks.program.update(visit, "users", { "name", "tags" },
    { "users.id", "users.name" })
  equal(head, "UPDATE users INDEXED BY users_id SET name = luamig_get(1), tags = luamig_get(2)")
  equal(call, "luamig_run(users.id, users.name)")
  visit.by_rowid = true
  head, call = blocks.program.update(visit, "users", { "name", "tags" },
    { "users.id", "users.name" })
  equal(head, "UPDATE users INDEXED BY users_id "
    .. "SET name = luamig_get(users.oid, 1), tags = luamig_get(users.oid, 2)")
  equal(call, "luamig_run(users.oid, users.id, users.name)")
end)

test("the rows are read by key, locked on PostgreSQL", function()
  users("postgresql", { { 1, id = 1 } })
  op.backfill("users", { read = { "name", n = "length(name)" } }, function() end)
  equal(core.now.asked, "SELECT users.id, users.name, (length(name)\n) AS n FROM users "
    .. "ORDER BY id FOR NO KEY UPDATE")
end)

test("set and delete are one statement", function()
  users("sqlite")
  op.backfill("users", { set = { name = sql.raw("upper(name)"), tags = core.null } })
  op.backfill("users", { delete = true, where = "name IS NULL -- nobody" })
  equal(texts(), {
    "UPDATE users SET name = upper(name), tags = NULL",
    "DELETE FROM users WHERE (name IS NULL -- nobody\n)",
  })
end)

test("a duration is a text", function()
  equal(kinds.read("duration", "500ms"), 500)
  equal(kinds.read("duration", "1.5s"), 1500)
  equal(kinds.read("duration", "2m"), 120000)
  for _, wrong in ipairs({ "", "5", "5 s", "-1s", "5h", "soon" }) do
    equal((kinds.read("duration", wrong)), nil)
  end
  raises("backfill: 'pause' must be a duration, got a number", function()
    op.backfill("users", { set = { name = "x" }, pause = 5 })
  end)
end)

-- A table as parts.run asks for it: its rows are numbered.
local function numbered(o)
  o.table = "users"
  return {
    o = o,
    key = { "id" },
    words = {},
    progress = function()
      return function() end
    end,
    what = function()
      return "backfill users"
    end,
    next_range = function(_, after, size)
      return { (after or { 0 })[1] + size }, size
    end,
  }
end

-- How large the batches are when a row takes so many milliseconds and there are so many.
local function sizes(o, rows, each)
  local clock, list, before = 0, {}, core.clock
  core.clock = function()
    return clock
  end
  core.now.part = nil
  parts.run(numbered(o), { rows = 0 }, { batch = function(state, size)
    list[#list + 1] = size
    local count = math.min(size, rows)
    rows, clock = rows - count, clock + count * each
    return { (state.last or { 0 })[1] + count }, count == size
  end })
  core.clock = before
  return list
end

test("batches grow and shrink to the target time, by half or double", function()
  equal(sizes({}, 20000, 0.1), { 1000, 2000, 4000, 5000, 5000, 5000 })
  equal(sizes({ target_time = 100 }, 450, 1), { 200, 100, 100, 100 })
  equal(sizes({ target_time = 5000 }, 2500, 1), { 1000, 2000 })
  equal(sizes({}, 1994, 1000), { 1000, 500, 250, 125, 62, 31, 15, 7, 3, 1, 1 })
end)

test("a batch that is given stays", function()
  equal(sizes({ batch = 10 }, 25, 1000), { 10, 10, 10 })
  equal(sizes({ batch = 10 }, 20, 0), { 10, 10, 10 })
end)

test("an attempt goes on where the last one ended", function()
  core.now.part = require("luamig.record").write({ last = { 40 }, rows = 40 })
  local seen
  local state = parts.run(numbered({ batch = 10 }), {}, { batch = function(state)
    seen = state.last
    state.rows = state.rows + 5
    return { 45 }, false
  end })
  equal(seen, { 40 })
  equal(state, { last = { 45 }, rows = 45, done = 45, once = true })
end)

-- The batches, as "first-last", of 20 rows, where those that `fails` fail.
local function batches(o, fails)
  local list = {}
  core.now.part = nil
  local ok, problem = pcall(parts.run, numbered(o), { rows = 0 }, { batch = function(state, size)
    local first = (state.last or { 0 })[1] + 1
    local last = math.min(first + size - 1, 20)
    list[#list + 1] = ("%d-%d"):format(first, last)
    local why = fails(first, last)
    if why then
      error({ code = "sql", kind = why, about_row = why == "check", message = why }, 0)
    end
    return { last }, last - first + 1 == size
  end })
  return list, ok or problem.message
end

test("a batch that fails is halved until one row is left", function()
  local list, problem = batches({ batch = 8 }, function(first, last)
    return first <= 6 and last >= 6 and "check" or nil
  end)
  equal(list, { "1-8", "1-4", "5-12", "5-8", "5-6", "5-5", "6-7", "6-6" })
  equal(problem, "check (users, id = 6)")
end)

test("what passes with time comes again in smaller batches, ten times at the most", function()
  local failures = 0
  local list, problem = batches({ batch = 16 }, function()
    failures = failures + 1
    return failures < 3 and "deadlock" or nil
  end)
  equal(list, { "1-16", "1-8", "1-4", "5-12", "13-20" })
  equal(problem, true)
  list, problem = batches({ batch = 2 }, function()
    return "locked"
  end)
  equal(#list, 11)
  equal(problem, "locked")
end)

test("what is no row's fault is not looked for", function()
  local list, problem = batches({ batch = 16 }, function()
    return "missing_table"
  end)
  equal(list, { "1-16" })
  equal(problem, "missing_table")
end)
