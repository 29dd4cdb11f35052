--- The operations that undo others.
local compile = require("luamig.compile")
local core = require("luamig.core")
local operation = require("luamig.operation")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, test = spec.equal, spec.test

local function build(name, ...)
  return operation.build(name, select("#", ...), { ... })
end

-- The SQL of the operation that undoes this one.
local function back(name, ...)
  core.now.dialect = "postgresql"
  local reverse = operation.reverse(build(name, ...))
  local texts = {}
  for i, statement in ipairs(compile.statements(reverse, nil)) do
    texts[i] = statement.sql
  end
  return table.concat(texts, ";\n")
end

test("what makes has an operation that drops", function()
  equal(back("create_table", "t", { sql.column("a", sql.text) }, { schema = "s" }),
    "DROP TABLE s.t")
  equal(back("add_column", "t", sql.column("a", sql.text)), "ALTER TABLE t DROP COLUMN a")
  equal(back("create_index", "ix", "t", "a"), "DROP INDEX ix")
end)

test("what makes an object has an operation that drops it", function()
  equal(back("create_enum", "mood", { "a" }, { schema = "s" }), "DROP TYPE s.mood")
  equal(back("create_view", "v", "SELECT 1"), "DROP VIEW v")
  equal(back("create_view", "v", "SELECT 1", { materialized = true, schema = "s" }),
    "DROP MATERIALIZED VIEW s.v")
  equal(back("create_trigger", "tr", "t", { events = "insert", execute = "f" }),
    "DROP TRIGGER tr ON t")
  equal(back("create_sequence", "n"), "DROP SEQUENCE n")
  equal(back("create_schema", "s"), "DROP SCHEMA s")
  equal(back("create_extension", "citext"), "DROP EXTENSION citext")
end)

test("a function is dropped by what it takes, without the defaults", function()
  equal(back("create_function", "f", "SELECT 1"), "DROP FUNCTION f()")
  equal(back("create_function", "f", "SELECT 1", {
    arguments = { "a text", "b integer DEFAULT 5", "c text := 'x'", "d numeric(3, 1) = 2" },
  }), "DROP FUNCTION f")
  equal(back("create_function", "f", "SELECT 1", {
    arguments = { "a text", "b integer DEFAULT 5", "c text := 'x'", "d numeric(3, 1)" },
    schema = "s",
  }), "DROP FUNCTION s.f(a text, b integer, c text, d numeric(3, 1))")
end)

test("what may have been there before is not dropped", function()
  equal(operation.reverse(build("create_view", "v", "SELECT 1", { or_replace = true })), nil)
  equal(operation.reverse(build("create_function", "f", "SELECT 1", { or_replace = true })), nil)
  equal(operation.reverse(build("create_extension", "e", { if_not_exists = true })), nil)
  equal(operation.reverse(build("add_enum_value", "mood", "b")), nil)
  equal(operation.reverse(build("drop_view", "v")), nil)
end)

test("what renames has an operation that renames back", function()
  equal(back("rename_table", "a", "b"), "ALTER TABLE b RENAME TO a")
  equal(back("rename_column", "t", "a", "b"), "ALTER TABLE t RENAME COLUMN b TO a")
  equal(back("alter_column", "t", "a", { new_column_name = "b" }),
    "ALTER TABLE t RENAME COLUMN b TO a")
end)

test("a changed column goes back to what it was said to be", function()
  equal(back("alter_column", "t", "a", {
    type = sql.integer,
    existing_type = sql.text,
    nullable = false,
    existing_nullable = true,
    server_default = 1,
    existing_server_default = core.null,
  }), "ALTER TABLE t ALTER COLUMN a DROP DEFAULT, ALTER COLUMN a TYPE text, "
    .. "ALTER COLUMN a DROP NOT NULL")
end)

test("where nothing is known of the past there is no way back", function()
  equal(operation.reverse(build("alter_column", "t", "a", { nullable = false })), nil)
  equal(operation.reverse(build("drop_table", "t")), nil)
  equal(operation.reverse(build("drop_column", "t", "a")), nil)
  equal(operation.reverse(build("drop_index", "ix")), nil)
  equal(operation.reverse(build("execute", "SELECT 1")), nil)
end)

test("the way back of the way back is the way", function()
  for _, o in ipairs({
    build("rename_table", "a", "b"),
    build("rename_column", "t", "a", "b", { schema = "s" }),
    build("alter_column", "t", "a", { nullable = false, existing_nullable = true }),
  }) do
    equal(operation.reverse(operation.reverse(o)), o)
  end
end)

test("a statement carries its operation, its comment and the way back", function()
  core.now.dialect = "sqlite"
  local o = build("rename_table", "a", "b")
  local statement = compile.statements(o, nil)[1]
  equal(statement.comment, "rename table a to b")
  assert(statement.source == o)
  equal(statement.reverse, build("rename_table", "b", "a"))
end)

test("building an operation leaves it as it was", function()
  core.now.dialect = "postgresql"
  local function make()
    return build("create_table", "t", {
      sql.column("a", sql.integer, { primary_key = true }),
      sql.index("ix", "a"),
    }, { comment = "c" })
  end
  local o = make()
  compile.statements(o, nil)
  equal(o, make())
end)
