--- The query builder: what it refuses, and what it says then.
local core = require("luamig.core")
local null = core.null
local op = require("luamig.op")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, raises, test = spec.equal, spec.raises, spec.test

local users = sql.table("users", { "id", "status" })

local function sent(query)
  core.now.sent = {}
  op.execute(query)
  return core.now.sent[1].sql
end

test("a query without a condition is refused before it is sent", function()
  raises("update of 'users' without a condition meets every row", function()
    op.execute(users:update():set({ status = "new" }))
  end, "if that is meant, say :all(); else :where(…)")
  raises("delete of 'users' without a condition meets every row", function()
    op.execute(users:delete())
  end)
  raises(":all() after :where(…): say one of them", function()
    users:delete():where("id = 7"):all()
  end)
  raises(":where(…) after :all(): say one of them", function()
    users:delete():all():where("id = 7")
  end)
  equal(#core.now.sent, 0)
end)

test("an unknown column is an error with what may be meant", function()
  local message = "sql.table 'users' has no column 'statsu' (did you mean 'status'?)"
  raises(message, function() return users.c.statsu end)
  raises(message, function() users:update():set({ statsu = 1 }) end)
  raises(message, function() users:insert():values({ statsu = 1 }) end)
  raises(message, function() users:select("id", "statsu") end)
  raises(message, function() users:select():order_by("statsu") end)
  raises(message, function() users:insert():values({ id = 1 }):returning("statsu") end)
  raises(message, function() users:insert():from_select({ "statsu" }, users:select("id")) end)
  raises(message, function()
    users:insert():values({ id = 1 }):on_conflict_do_update("id", { "statsu" })
  end)
end)

test("nil is no value, and null is SQL's NULL", function()
  raises("users.c.status:eq: the value is nil", function()
    users.c.status:eq(nil)
  end, "write null for SQL's NULL")
  raises("users.c.id:lt(null) is never true", function() users.c.id:lt(null) end)
  raises("column:in_: 'values' item 2 is null, which equals nothing", function()
    users.c.id:in_({ 1, null })
  end)
  equal(sent(users:select():where(users.c.status:eq(null))),
    "SELECT id, status FROM users WHERE status IS NULL")
end)

test("what is no value is named with its column", function()
  raises("the value for users.status is a table, which is no value", function()
    users:update():set({ status = { 1 } })
  end, "a list of the database is array{…}")
  raises("users.c.id:eq: the value is a function, which is no value", function()
    users.c.id:eq(print)
  end)
  raises("no value is given for 'users'", function() users:update():set({}) end)
end)

test("rows have the same columns", function()
  raises("row 2 of the values for 'users' has no 'status', unlike row 1", function()
    users:insert():values({ { id = 1, status = "a" }, { id = 2 } })
  end, "write null for SQL's NULL in each row")
  raises("row 2 of the values for 'users' has a 'status', unlike row 1", function()
    users:insert():values({ { id = 1 }, { id = 2, status = "a" } })
  end)
  raises("the values for 'users' has a hole: item 2 is nil", function()
    users:insert():values({ { id = 1 }, nil, { id = 3 } })
  end)
end)

test("== is Lua's own", function()
  raises("delete:where: 'condition' is true or false: == is Lua's own; write users.c.id:eq(7)",
    function() users:delete():where(users.c.id == 7) end)
  raises("a column of a query is no number", function() return users.c.id + 1 end)
end)

test("a method is called with a colon", function()
  raises("table.update(…) is called with a colon: table:update(…)", function()
    users.update()
  end)
  raises("column.eq(…) is called with a colon: column:eq(…)", function()
    users.c.id.eq("gone")
  end)
end)

test("an unknown method is answered", function()
  raises("unknown name 'update:wher' (did you mean 'where'?)", function()
    users:update():wher("id = 7")
  end)
  raises("unknown name 'column:is_not'", function()
    users.c.id:is_not(null)
  end, "users.c.id:ne(null)")
end)

test("a query does not change when another is made of it", function()
  local first = users:select()
  first:where("id = 1")
  equal(sent(first), "SELECT id, status FROM users")
end)

test("an empty list is left to the host, which knows what matches nothing", function()
  local query = users:delete():where(users.c.id:in_({}))
  local pieces = require("luamig.dialect.query").pieces({ name = "sqlite" }, query)
  equal(pieces, { "DELETE FROM users WHERE id", { " IN (:list)", { list = {} } } })
end)

test("every value is bound, whatever it holds", function()
  local query = users:update():set({ status = "it's \0 \\ $1 :x" }):where(users.c.id:eq(7))
  local pieces = require("luamig.dialect.query").pieces({ name = "postgresql" }, query)
  equal(pieces, {
    "UPDATE users SET status = ", { "$1", { "it's \0 \\ $1 :x" } },
    " WHERE id = ", { "$1", { 7 } },
  })
end)

test("a statement has no more values than both engines take", function()
  local rows = {}
  for i = 1, 16384 do
    rows[i] = { id = i, status = "s" }
  end
  raises("the query has 32768 values, and a statement takes 32766", function()
    op.execute(users:insert():values(rows))
  end)
end)

test("a query takes no parameters of its own beside it", function()
  raises("execute: a query of sql.table has its values already", function()
    op.execute(users:select(), { id = 1 })
  end)
  raises("where: a condition of columns has its values already", function()
    users:delete():where(users.c.id:eq(7), { id = 1 })
  end)
end)
