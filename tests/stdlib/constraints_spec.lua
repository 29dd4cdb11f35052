--- What is refused of constraints, batches and their columns, and the way back of each.
local compile = require("luamig.compile")
local core = require("luamig.core")
local op = require("luamig.op")
local operation = require("luamig.operation")
local postgresql = require("postgresql")
local spec = require("spec")
local sql = require("luamig.sql")

local equal, expect_sql, raises, test = spec.equal, spec.expect_sql, spec.raises, spec.test

local function build(name, ...)
  return operation.build(name, select("#", ...), { ... })
end

test("a foreign key has as many columns as it refers to", function()
  raises("create_foreign_key: 2 columns cannot refer to 1 column", function()
    op.create_foreign_key("fk", "a", "b", { "x", "y" }, { "id" })
  end)
end)

test("what is deferred is deferrable", function()
  local options = { deferrable = false, initially = "deferred" }
  raises("create_foreign_key: 'initially' is DEFERRED, and 'deferrable' is false", function()
    op.create_foreign_key("fk", "a", "b", "x", "id", options)
  end)
  raises("create_unique_constraint: 'initially' is DEFERRED, and 'deferrable' is false", function()
    op.create_unique_constraint("uq", "a", "x", options)
  end)
end)

test("a constraint's type is one of five, in either spelling", function()
  core.now.dialect = "postgresql"
  op.drop_constraint("a", "t", "foreign_key")
  op.drop_constraint("a", "t", { type = "primary" })
  raises("drop_constraint: 'type' must be one of foreignkey, unique, check, primary, exclude, got "
    .. "'uniqe' (did you mean 'unique'?)", function()
      op.drop_constraint("a", "t", "uniqe")
    end)
end)

test("an exclusion is a column or an expression, and an operator", function()
  for _, wrong in ipairs({ { "room" }, { "room", "=", "x" }, { 1, "=" }, { "room", "= 1" },
    { sql.now(), "=" } }) do
    raises("create_exclude_constraint: 'elements' item 1 must be like { \"room\", \"=\" }",
      function()
        op.create_exclude_constraint("ex", "t", { wrong })
      end)
  end
  raises("create_exclude_constraint: 'elements' must not be empty", function()
    op.create_exclude_constraint("ex", "t", {})
  end)
end)

test("SQLite has no exclusion constraints and no unique constraint that waits", function()
  raises("create_exclude_constraint: SQLite has no exclusion constraints", function()
    op.create_exclude_constraint("ex", "t", { { "a", "=" } })
  end, 'ask db.dialect == "postgresql" first')
  raises("create_unique_constraint: SQLite has no 'deferrable'", function()
    op.create_unique_constraint("uq", "t", "a", { deferrable = true })
  end)
  equal(#core.now.sent, 0)
end)

test("PostgreSQL keeps 63 bytes of a constraint's name", function()
  core.now.dialect = "postgresql"
  local long = ("x"):rep(64)
  for _, call in ipairs({
    function()
      op.create_unique_constraint(long, "t", "a")
    end,
    function()
      op.rename_constraint("a", long, "t")
    end,
  }) do
    raises(("the name '%s' has 64 bytes, and PostgreSQL keeps 63"):format(long), call)
  end
end)

test("a batch takes the methods by dot and by colon, without the table", function()
  raises("unknown name 'batch:add_colum' (did you mean 'add_column'?)", function()
    op.batch_alter_table("t", function(batch)
      batch:add_colum(sql.column("a", sql.text))
    end)
  end)
  raises("batch:add_column: 'column' must be sql.column(\"name\", type), got a string", function()
    op.batch_alter_table("t", function(batch)
      batch.add_column("t", sql.column("a", sql.text))
    end)
  end)
  raises("batch:drop_column: unknown option 'schema'", function()
    op.batch_alter_table("t", function(batch)
      batch:drop_column("a", { schema = "s" })
    end)
  end)
  raises("batch:drop_column: 'name' is missing: it takes batch:drop_column(name, options?)",
    function()
      op.batch_alter_table("t", function(batch)
        batch:drop_column()
      end)
    end)
end)

test("a batch is checked before anything is sent", function()
  core.now.dialect = "postgresql"
  local kept
  raises("alter_column: nothing to change in t.b", function()
    op.batch_alter_table("t", function(batch)
      kept = batch
      batch:drop_column("a")
      batch:alter_column("b")
    end)
  end)
  equal(#core.now.sent, 0)
  op.batch_alter_table("t", function(batch)
    kept = batch
    batch:drop_column("a")
  end)
  raises("batch:drop_column(…) after the batch was described", function()
    kept:drop_column("b")
  end)
end)

test("a batch without a change, and with a wrong option", function()
  raises("batch_alter_table: nothing is changed in 't'", function()
    op.batch_alter_table("t", function() end)
  end, 'op.batch_alter_table("t", function(batch) batch:add_column(…) end)')
  raises("batch_alter_table: unknown option 'recrate' (did you mean 'recreate'?)", function()
    op.batch_alter_table("t", { recrate = "always" }, function() end)
  end)
  raises("batch_alter_table: 'recreate' must be one of auto, always, never, got 'alway' "
    .. "(did you mean 'always'?)", function()
      op.batch_alter_table("t", { recreate = "alway" }, function() end)
    end)
end)

test("the schema of a batch is that of its changes", function()
  expect_sql("postgresql", function()
    op.batch_alter_table("t", { schema = "s" }, function(batch)
      batch:create_foreign_key("fk", "u", { "a" }, { "id" }, { referent_schema = "r" })
      batch:create_index("ix", { "a" })
    end)
  end, [[
    ALTER TABLE s.t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES r.u (id);
    CREATE INDEX ix ON s.t (a);]])
end)

test("what goes together is said together", function()
  core.now.dialect = "postgresql"
  op.batch_alter_table("t", function(batch)
    batch:drop_column("a")
    batch:create_unique_constraint("uq", { "b" })
  end)
  equal(core.now.sent, { {
    sql = "ALTER TABLE t DROP COLUMN a, ADD CONSTRAINT uq UNIQUE (b)",
    comment = "drop column t.a, create unique constraint uq on t",
  } })
end)

test("a column stands before or after another one, not both", function()
  raises("add_column: 'insert_before' and 'insert_after' are both given", function()
    op.add_column("t", sql.column("a", sql.text), { insert_before = "b", insert_after = "c" })
  end)
end)

test("an identity column is an integer without another value", function()
  raises("sql.column: an identity column has no server_default", function()
    sql.column("n", sql.integer, { identity = true, server_default = 1 })
  end)
  raises("sql.column: an identity column has no 'computed'", function()
    sql.column("n", sql.integer, { identity = true, computed = "1" })
  end)
  raises("sql.column: an identity column is an integer, and 'n' is sql.text", function()
    sql.column("n", sql.text, { identity = "always" })
  end)
  raises("sql.column: 'identity' must have a whole number as 'start', got 1.5", function()
    sql.column("n", sql.integer, { identity = { start = 1.5 } })
  end)
end)

-- There and back.

test("what makes a constraint is undone by dropping it", function()
  for _, one in ipairs({
    { "foreignkey",
      build("create_foreign_key", "c", "t", "u", "a", "id", { source_schema = "s" }) },
    { "unique", build("create_unique_constraint", "c", "t", "a", { schema = "s" }) },
    { "check", build("create_check_constraint", "c", "t", "a > 0", { schema = "s" }) },
    { "primary", build("create_primary_key", "c", "t", "a", { schema = "s" }) },
    { "exclude", build("create_exclude_constraint", "c", "t", { { "a", "=" } }, { schema = "s" }) },
  }) do
    equal(operation.reverse(one[2]), build("drop_constraint", "c", "t", one[1], { schema = "s" }))
  end
  equal(operation.reverse(build("drop_constraint", "c", "t")), nil)
end)

test("a comment goes back to what it was said to be", function()
  local made = build("create_table_comment", "t", "new", { existing_comment = "old" })
  equal(operation.reverse(made).comment, "old")
  equal(operation.reverse(operation.reverse(made)), made)
  local first = build("create_table_comment", "t", "new", { existing_comment = core.null })
  equal(operation.reverse(first).op, "drop_table_comment")
  equal(operation.reverse(operation.reverse(first)).comment, "new")
  equal(operation.reverse(build("drop_table_comment", "t")), nil)
end)

test("a batch goes back step by step, or not at all", function()
  local o = build("batch_alter_table", "t", function(batch)
    batch:add_column(sql.column("a", sql.text))
    batch:rename_column("b", "c")
  end)
  core.now.dialect = "postgresql"
  local texts = {}
  for i, statement in ipairs(compile.statements(operation.reverse(o), nil)) do
    texts[i] = statement.sql
  end
  equal(texts, { "ALTER TABLE t RENAME COLUMN c TO b", "ALTER TABLE t DROP COLUMN a" })
  equal(operation.reverse(build("batch_alter_table", "t", function(batch)
    batch:add_column(sql.column("a", sql.text))
    batch:drop_column("b")
  end)), nil)
end)

local FINGERPRINT = [[
  SELECT 'column', attname, format_type(atttypid, atttypmod), attnotnull::text
    FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0 AND NOT attisdropped
  UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid), convalidated::text
    FROM pg_constraint WHERE conrelid = 't'::regclass
  UNION ALL SELECT 'comment', obj_description('t'::regclass), '', ''
  UNION ALL SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), ''
    FROM pg_index WHERE indrelid = 't'::regclass
  ORDER BY 1, 2]]

local BEFORE = [[
  CREATE TABLE u (id integer PRIMARY KEY);
  CREATE TABLE t (a integer NOT NULL, b integer CONSTRAINT old CHECK (b > 0), during tsrange);
  COMMENT ON TABLE t IS 'old']]

local function there_and_back(o)
  core.now.dialect = "postgresql"
  local mark = "SELECT '----'"
  local texts = { BEFORE, FINGERPRINT }
  for _, step in ipairs({ o, operation.reverse(o), o }) do
    texts[#texts + 1] = mark
    for _, statement in ipairs(compile.statements(step, nil)) do
      texts[#texts + 1] = statement.sql
    end
    texts[#texts + 1] = FINGERPRINT
  end
  local shown = {}
  for part in (postgresql.try(texts) .. "----\n"):gmatch("(.-)%-%-%-%-\n") do
    shown[#shown + 1] = part
  end
  equal(#shown, 4)
  assert(shown[1] ~= shown[2], "nothing was changed")
  equal(shown[3], shown[1])
  equal(shown[4], shown[2])
end

for _, o in ipairs({
  build("create_foreign_key", "fk", "t", "u", "b", "id",
    { ondelete = "CASCADE", not_valid = true }),
  build("create_unique_constraint", "uq", "t", { "a", "b" }, { deferrable = true }),
  build("create_check_constraint", "ck", "t", "a > b", { not_valid = true }),
  build("create_primary_key", "pk", "t", "a"),
  build("create_exclude_constraint", "ex", "t", { { "during", "&&" } }),
  build("rename_constraint", "old", "new", "t"),
  build("create_table_comment", "t", "new", { existing_comment = "old" }),
  build("drop_table_comment", "t", { existing_comment = "old" }),
  build("batch_alter_table", "t", function(batch)
    batch:add_column(sql.column("c", sql.text, { index = true }))
    batch:create_unique_constraint("uq", { "c" })
    batch:create_check_constraint("ck", "c <> ''")
    batch:alter_column("b", { nullable = false, existing_nullable = true })
  end),
}) do
  spec.test_with(postgresql.url, "LUAMIG_TEST_PG",
    ("PostgreSQL, there and back and there: %s"):format(operation.describe(o)), function()
      there_and_back(o)
    end)
end

test("what an operation destroys is said, in a batch too", function()
  core.now.dialect = "sqlite"
  local said = {}
  for _, o in ipairs({
    build("drop_table", "t"),
    build("drop_column", "t", "a"),
    build("alter_column", "t", "a", { type = sql.bigint }),
    build("alter_column", "t", "a", { nullable = false }),
    build("batch_alter_table", "t", function(batch)
      batch:alter_column("a", { nullable = false })
      batch:drop_column("b")
    end),
    build("batch_alter_table", "t", function(batch)
      batch:add_column(sql.column("c", sql.text))
    end),
    build("backfill", "t", { delete = true, where = "a" }),
    build("backfill", "t", { set = { a = 1 }, undo = true }),
  }) do
    said[#said + 1] = operation.destroys(o) or "nothing"
  end
  equal(table.concat(said, ", "), "drops a table, drops a column, changes a type, nothing, "
    .. "drops a column, nothing, deletes rows, nothing")
end)
