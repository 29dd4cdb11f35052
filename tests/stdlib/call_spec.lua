--- How an operation is called, and what is said when it is called wrongly.
local core = require("luamig.core")
local op = require("luamig.op")
local operation = require("luamig.operation")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, raises, test = spec.equal, spec.raises, spec.test

-- Arguments that each operation accepts, to which a wrong one is added.
local GOOD = {
  create_table = { "t", { sql.column("a", sql.text) } },
  drop_table = { "t" },
  rename_table = { "t", "u" },
  alter_table = { "t" },
  add_column = { "t", sql.column("a", sql.text) },
  drop_column = { "t", "a" },
  rename_column = { "t", "a", "b" },
  alter_column = { "t", "a" },
  create_index = { "ix", "t", { "a" } },
  drop_index = { "ix" },
  create_foreign_key = { "fk", "t", "u", "a", "b" },
  create_unique_constraint = { "uq", "t", "a" },
  create_check_constraint = { "ck", "t", "a > 0" },
  create_primary_key = { "pk", "t", "a" },
  create_exclude_constraint = { "ex", "t", { { "a", "=" } } },
  drop_constraint = { "ck", "t" },
  validate_constraint = { "ck", "t" },
  rename_constraint = { "a", "b", "t" },
  create_table_comment = { "t", "people" },
  drop_table_comment = { "t" },
  batch_alter_table = { "t", function(batch)
    batch:drop_column("a")
  end },
  create_enum = { "mood", { "happy" } },
  add_enum_value = { "mood", "sad" },
  drop_enum = { "mood" },
  create_view = { "v", "SELECT 1" },
  drop_view = { "v" },
  create_function = { "f", "SELECT 1" },
  drop_function = { "f" },
  create_trigger = { "tr", "t" },
  drop_trigger = { "tr", "t" },
  create_partition = { "p", "t", "DEFAULT" },
  create_sequence = { "s" },
  drop_sequence = { "s" },
  create_schema = { "s" },
  drop_schema = { "s" },
  create_extension = { "e" },
  drop_extension = { "e" },
  execute = { "SELECT 1", {} },
  assert_none = { "SELECT 1", {} },
  assert_some = { "SELECT 1", {} },
  assert_equal = { 1, 1 },
  keep = { "SELECT 1", function() end, {} },
  bulk_insert = { "t", { { a = 1 } } },
  copy_in = { "t", { "a" }, { { 1 } } },
  import_csv = { "f.csv" },
  export_csv = { "SELECT 1", "f.csv" },
  backfill = { "t", function() end },
  each_batch = { "t", function() end },
  undo = { "t" },
  setting = { "cache_size", 1 },
  without_triggers = { "t", function() end },
  step = { "s", function() end },
  autocommit_block = { function() end },
  irreversible = { "why" },
  database = { "legacy" },
  get_bind = {},
  get_context = {},
  f = { "ix" },
}

local function call(name, ...)
  local given, count = {}, #GOOD[name]
  for i, value in ipairs(GOOD[name]) do
    given[i] = value
  end
  for i = 1, select("#", ...) do
    count = count + 1
    given[count] = (select(i, ...))
  end
  op[name](unpack(given, 1, count))
end

for _, definition in ipairs(operation.list()) do
  local name = definition.name

  test(name .. " refuses an unknown option", function()
    local ok, problem = pcall(call, name, { nonsense_option = true })
    assert(not ok and type(problem) == "table", "it is taken")
    if #definition.options > 0 then
      equal(problem.message, ("%s: unknown option 'nonsense_option'"):format(name))
    end
    equal(#core.now.sent, 0)
  end)

  test(name .. " says so when it is called with a colon", function()
    raises(("op:%s(…) is called with a dot: op.%s(…)"):format(name, name), function()
      op[name](op, "users")
    end)
    local view = setmetatable({}, { __index = op })
    raises(("op:%s(…) is called with a dot: op.%s(…)"):format(name, name), function()
      view[name](view, "users")
    end)
  end)

  test(name .. " refuses more arguments than it takes", function()
    local ok, problem = pcall(call, name, 1, 2, 3, 4)
    assert(not ok and type(problem) == "table", "they are taken")
    equal(#core.now.sent, 0)
  end)
end

test("an unknown option is named with what may be meant", function()
  raises("alter_column: unknown option 'nulable' (did you mean 'nullable'?)", function()
    op.alter_column("users", "name", { nulable = false })
  end)
  raises("sql.column: unknown option 'nulable' (did you mean 'nullable'?)", function()
    sql.column("name", sql.text, { nulable = false })
  end)
  raises("create_index: unknown option 'postgresql_where' (did you mean 'where'?)", function()
    op.create_index("ix", "t", "a", { postgresql_where = "a > 1" })
  end)
end)

test("default = is answered with server_default", function()
  raises("sql.column: unknown option 'default': a client-side default means nothing in a "
    .. "migration: use 'server_default'", function()
      sql.column("n", sql.integer, { default = 1 })
    end)
end)

test("an unknown operation and an unknown word are named with what may be meant", function()
  raises("unknown name 'op.add_colum' (did you mean 'add_column'?)", function()
    op.add_colum("users")
  end)
  raises("unknown name 'sql.strin' (did you mean 'string'?)", function()
    return sql.strin
  end)
  raises("'op.new' is read-only", function()
    op.new = 1
  end)
end)

test("a wrong kind says what is wanted and what came", function()
  raises("create_table: 'name' must be a string, got a table", function()
    op.create_table({ "users" })
  end)
  raises("add_column: 'column' must be sql.column(\"name\", type), got a string", function()
    op.add_column("users", "email", sql.text)
  end)
  raises("drop_index: 'table' must be a string, got a number", function()
    op.drop_index("ix", 5)
  end)
  raises("create_table: 'if_not_exists' must be true or false, got a string", function()
    op.create_table("t", { sql.column("a", sql.text) }, { if_not_exists = "yes" })
  end)
  raises("create_table: 'items' item 2 must be sql.column(…) or a constraint, got a string",
    function()
      op.create_table("t", { sql.column("a", sql.text), "b" })
    end)
end)

test("a missing argument is named with the whole call", function()
  raises("rename_table: 'new' is missing: it takes rename_table(old, new, options?)", function()
    op.rename_table("a")
  end)
  raises("drop_index: 'name' is missing: it takes drop_index(name, table?, options?)", function()
    op.drop_index(nil, "t")
  end)
end)

test("too many arguments are answered with the whole call", function()
  raises("drop_column: too many arguments: it takes drop_column(table, name, options?)", function()
    op.drop_column("t", "a", {}, 1)
  end)
end)

test("an option given twice is an error, an alias counts", function()
  raises("drop_index: 'table' is given twice", function()
    op.drop_index("ix", "t", { table_name = "t" })
  end)
end)

test("a list with a hole is refused", function()
  raises("create_index: 'columns' has a hole: item 2 is nil", function()
    op.create_index("ix", "t", { "a", nil, "c" })
  end)
end)

test("nothing is sent before the whole call is read", function()
  pcall(op.add_column, "t", sql.column("a", sql.text), { schem = "x" })
  equal(#core.now.sent, 0)
end)

test("execute returns the rows affected, other operations nothing", function()
  equal(op.execute("UPDATE t SET a = 1"), 3)
  equal(select("#", op.drop_index("ix")), 1)
  equal(op.drop_index("ix"), nil)
end)

test("execute hands its params on", function()
  op.execute("UPDATE t SET a = :a", { a = 1 })
  equal(core.now.sent[1], { sql = "UPDATE t SET a = :a", params = { a = 1 } })
end)

test("execute wants a text for the present dialect", function()
  raises("execute: there is no text for sqlite", function()
    op.execute({ postgresql = "SELECT 1" })
  end, 'sqlite = "" does nothing there')
  raises("execute: 'statement' has a text for 'sqlit', which is no engine (did you mean 'sqlite'?)",
    function()
      op.execute({ sqlit = "SELECT 1" })
    end)
end)

test("an operation is sent with a comment that says what it does", function()
  op.add_column("users", sql.column("email", sql.text))
  equal(core.now.sent[1].comment, "add column users.email")
end)

test("irreversible gives its reason", function()
  raises("this revision cannot be undone: merged", function()
    op.irreversible("merged")
  end)
  raises("this revision cannot be undone", function()
    op.irreversible()
  end)
end)

test("f gives the name back, get_context what the host says", function()
  equal(op.f("ix_users"), "ix_users")
  equal(op.get_context().revision, "ab12")
end)
