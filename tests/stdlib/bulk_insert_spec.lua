--- op.bulk_insert: what it refuses, naming the row, and how it divides what it sends.
local core = require("luamig.core")
local op = require("luamig.op")
local spec = require("spec")

local equal, raises, test = spec.equal, spec.raises, spec.test

local function refused(message, rows, options, hint)
  raises("bulk_insert: " .. message, function()
    op.bulk_insert("users", rows, options)
  end, hint)
  equal(#core.now.sent, 0)
end

test("a row that is not like the first is named", function()
  refused("row 2 has 'nam', which is no column of the first row (did you mean 'name'?)",
    { { id = 1, name = "a" }, { id = 2, nam = "b" } }, nil, "columns = { … } names all of them")
  refused("row 2 has no 'name'", { { id = 1, name = "a" }, { id = 2 } }, nil,
    "a nil vanishes from a table: write null for NULL")
  refused("row 2 has 'nick', which is no column of the first row",
    { { id = 1 }, { id = 2, nick = "x" } })
  refused("row 1 has 'nick', which is no column of 'columns'", { { id = 1, nick = "x" } },
    { columns = { "id" } })
  refused("row 2 has names and positions", { { id = 1 }, { id = 2, "x" } })
end)

test("what is no row, and what is no value, is named", function()
  refused("row 2 is a string, not a table", { { id = 1 }, "x" })
  refused("row 1 has no column", { {} })
  refused("row 1 is a list, and nothing says of which columns", { { 1, 2 } })
  refused("row 2 has 1 value for 2 columns", { { 1, "a" }, { 2 } }, { columns = { "id", "name" } },
    "a nil ends a list: write null for NULL")
  refused("row 1 has a table in 'tags'", { { tags = { "a" } } })
  refused("row 1 has a function in 'id'", { { id = print } })
end)

test("the list itself is looked at first", function()
  refused("'rows' must be a list, and has the key 'id'", { id = 1 })
  refused("'rows' has a hole: item 1 is nil", { nil, { id = 1 } })
  refused("'rows' must be a list of rows or an iterator, got a string", "users")
  refused("'on_conflict' must be \"error\", \"nothing\" or { key = …, update = … }, got "
    .. "\"nothin\" (did you mean 'nothing'?)", {}, { on_conflict = "nothin" })
  refused("'on_conflict' has no 'keys': it takes key and update (did you mean 'key'?)", {},
    { on_conflict = { keys = { "id" } } })
  refused("'on_conflict' wants the columns of the key: { key = { \"email\" }, update = { \"name\" "
    .. "} }", {}, { on_conflict = { update = { "id" } } })
end)

test("a hundred rows go together, fewer where there are many columns", function()
  core.now.dialect = "sqlite"
  local rows, wide = {}, {}
  for i = 1, 250 do
    rows[i] = { name = "n" .. i }
  end
  equal(op.bulk_insert("users", rows), 9)
  local sizes = {}
  for i, statement in ipairs(core.now.sent) do
    sizes[i] = #statement.params
  end
  equal(sizes, { 100, 100, 50 })
  for i = 1, 1000 do
    wide["c" .. i] = "x"
  end
  core.now.sent = {}
  op.bulk_insert("users", { wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide,
    wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide, wide,
    wide, wide, wide })
  equal(#core.now.sent, 2)
  equal(#core.now.sent[1].params, 30000)
end)

test("the clauses of a conflict", function()
  local function sent(options)
    core.now.sent, core.now.dialect = {}, "sqlite"
    op.bulk_insert("users", { { email = "a", name = "b", Age = 3 } }, options)
    return core.now.sent[1].sql
  end
  local insert = 'INSERT INTO users ("Age", email, name) VALUES\n  ($1, $2, $3)'
  equal(sent({ on_conflict = "error" }), insert)
  equal(sent({ on_conflict = "nothing" }), insert .. " ON CONFLICT DO NOTHING")
  equal(sent({ on_conflict = { key = "email" } }), insert
    .. ' ON CONFLICT (email) DO UPDATE SET "Age" = excluded."Age", name = excluded.name')
  equal(sent({ on_conflict = { key = { "email", "name" }, update = "Age" } }), insert
    .. ' ON CONFLICT (email, name) DO UPDATE SET "Age" = excluded."Age"')
  equal(sent({ on_conflict = { key = { "Age", "email", "name" } } }), insert
    .. ' ON CONFLICT ("Age", email, name) DO NOTHING')
end)

test("in --sql nothing can be returned", function()
  core.now.offline = true
  refused("in --sql there are no rows to return", { { id = 1 } }, { returning = "id" })
end)

test("only numbers can move a sequence", function()
  core.now.dialect = "postgresql"
  op.bulk_insert("users", { { name = "x" } })
  equal(#core.now.sent, 1)
  op.bulk_insert("users", { { id = 5 } }, { schema = "app" })
  equal(#core.now.sent, 3)
  spec.contains(core.now.sent[3].sql, "pg_get_serial_sequence('app.users', a.attname)")
end)
