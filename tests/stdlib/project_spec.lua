--- A project's own operations.
local compile = require("luamig.compile")
local core = require("luamig.core")
local op = require("luamig.op")
local operation = require("luamig.operation.project")
local registry = require("luamig.operation")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, expect_sql, raises, test = spec.equal, spec.expect_sql, spec.raises, spec.test

local function register_grant()
  operation.register_operation({
    name = "grant_read",
    fields = {
      { "table", kind = "name", required = true, doc = "The table." },
      { "role", kind = "name", required = true },
      { "columns", kind = "names", option = true, only = "postgresql" },
    },
    describe = function(o)
      return ("let %s read %s"):format(o.role, o.table)
    end,
    reverse = function(o)
      return operation.build("revoke_read", o.table, o.role)
    end,
  })
  operation.register_operation({
    name = "revoke_read",
    fields = {
      { "table", kind = "name", required = true },
      { "role", kind = "name", required = true },
    },
  })
  operation.implementation_for("grant_read", "postgresql", function(o)
    local columns = o.columns and sql.format(" (%I)", o.columns[1]) or ""
    return sql.format("GRANT SELECT%s ON %I TO %I", columns, o.table, o.role)
  end)
  operation.implementation_for("revoke_read", "postgresql", function(o)
    return { { sql = sql.format("REVOKE SELECT ON %I FROM %I", o.table, o.role) } }
  end)
  operation.implementation_for("grant_read", "sqlite", function()
    return {}
  end)
end

test("an operation of the project is called as luamig's own", function()
  register_grant()
  expect_sql("postgresql", function()
    op.grant_read("users", "Reporter", { columns = "id" })
    op.revoke_read("users", "Reporter")
  end, [[
    GRANT SELECT (id) ON users TO "Reporter";
    REVOKE SELECT ON users FROM "Reporter";]])
  expect_sql("sqlite", function()
    op.grant_read("users", "Reporter")
  end, "")
end)

test("its arguments are checked by its fields", function()
  register_grant()
  raises("grant_read: 'role' is missing: it takes grant_read(table, role, options?)", function()
    op.grant_read("users")
  end)
  raises("grant_read: unknown option 'colums' (did you mean 'columns'?)", function()
    op.grant_read("users", "r", { colums = "id" })
  end)
  raises("grant_read: SQLite has no 'columns'", function()
    op.grant_read("users", "r", { columns = "id" })
  end)
  raises("op:grant_read(…) is called with a dot: op.grant_read(…)", function()
    op:grant_read("users", "r")
  end)
end)

test("it has a way back and a description", function()
  register_grant()
  core.now.dialect = "postgresql"
  local o = operation.build("grant_read", "users", "r")
  equal(registry.describe(o), "let r read users")
  equal(compile.statements(registry.reverse(o), nil)[1].sql, "REVOKE SELECT ON users FROM r")
  equal(registry.describe(operation.build("revoke_read", "users", "r")), "revoke read")
end)

test("it is made of luamig's operations, in their order", function()
  operation.register_operation({
    name = "add_audit",
    fields = { { "table", kind = "name", required = true } },
  })
  for _, dialect in ipairs({ "postgresql", "sqlite" }) do
    operation.implementation_for("add_audit", dialect, function(o)
      return {
        operation.build("create_table", o.table .. "_audit", { sql.column("at", sql.date) }),
        "SELECT 1",
        sql.raw("SELECT 2"),
      }
    end)
  end
  expect_sql("postgresql", function()
    op.add_audit("users")
  end, "CREATE TABLE users_audit (\n  at date\n);\nSELECT 1;\nSELECT 2;")
end)

test("its implementation asks the database, and cannot change what it asks", function()
  operation.register_operation({ name = "look" })
  local seen
  operation.implementation_for("look", "sqlite", function(_, facts)
    seen = facts and facts.has_table("users")
    raises("facts are read-only", function()
      facts.has_table = nil
    end)
    return {}
  end)
  op.look()
  equal(seen, false)
end)

test("an operation without an implementation for the engine says so", function()
  register_grant()
  raises("revoke_read: it has no implementation for sqlite", function()
    op.revoke_read("users", "r")
  end, 'implementation_for("revoke_read", "sqlite", function(o, facts) … end)')
end)

test("another migration does not know it", function()
  register_grant()
  core.reset()
  raises("unknown name 'op.grant_read'", function()
    op.grant_read("users", "r")
  end)
  register_grant()
end)

test("a definition is read strictly", function()
  local function refuse(message, definition)
    raises("register_operation: " .. message, function()
      operation.register_operation(definition)
    end)
  end
  refuse("the definition must be a table, got a string", "x")
  refuse("the definition has no name", {})
  refuse("'Grant' is no name for an operation: lower case, digits and _", { name = "Grant" })
  refuse("there is an operation 'add_column' already", { name = "add_column" })
  refuse("the definition has no 'field' (did you mean 'fields'?)", { name = "a", field = {} })
  refuse("'check' of the definition must be a function, got a boolean",
    { name = "a", check = true })
  refuse("field 1 must be a table, got a string", { name = "a", fields = { "x" } })
  refuse("field 1 has no name", { name = "a", fields = { { kind = "name" } } })
  refuse("field 1 has no 'kin' (did you mean 'kind'?)",
    { name = "a", fields = { { "x", kin = "name" } } })
  refuse("the field 'x' is given twice",
    { name = "a", fields = { { "x", kind = "name" }, { "x", kind = "name" } } })
  local ok, problem = pcall(operation.register_operation,
    { name = "a", fields = { { "x", kind = "nam" } } })
  assert(not ok)
  spec.contains(problem.message, "got 'nam' (did you mean 'name'?)")
  operation.register_operation({ name = "a" })
  refuse("there is an operation 'a' already", { name = "a" })
end)

test("an implementation belongs to an operation of the project", function()
  raises("implementation_for: there is no operation 'ad_column' (did you mean 'add_column'?)",
    function()
      operation.implementation_for("ad_column", "sqlite", print)
    end)
  raises("implementation_for: 'add_column' is luamig's own", function()
    operation.implementation_for("add_column", "sqlite", print)
  end, "register an operation of another name")
  operation.register_operation({ name = "a" })
  raises("implementation_for: 'dialect' must be one of postgresql, sqlite, got 'mysql'", function()
    operation.implementation_for("a", "mysql", print)
  end)
  raises("implementation_for: the third argument must be a function, got a nil", function()
    operation.implementation_for("a", "sqlite")
  end)
end)

test("what an implementation gives is SQL or operations", function()
  operation.register_operation({ name = "a" })
  operation.implementation_for("a", "sqlite", function()
    return { "SELECT 1", { op = "drop_table", name = "users" } }
  end)
  raises("a: item 2 of its implementation for sqlite is no SQL text, no { sql = …, params = … } "
    .. "and no operation.build(…)", function()
      op.a()
    end)
  equal(#core.now.sent, 0)
end)

test("only what can be done later is built", function()
  raises("operation.build: there is no operation 'drop_tabl' (did you mean 'drop_table'?)",
    function()
      operation.build("drop_tabl", "t")
    end)
  raises("operation.build: 'get_bind' is a call, and nothing that could be done later", function()
    operation.build("get_bind")
  end)
  raises("drop_table: 'name' must be a string, got a number", function()
    operation.build("drop_table", 1)
  end)
end)
