--- The words of sql, and the builder `t`.
local core = require("luamig.core")
local null = core.null
local op = require("luamig.op")
local spec = require("spec")
local sql = require("luamig.sql")
local sqlite = require("sqlite")
local types = require("luamig.sql.types")

local equal, raises, test = spec.equal, spec.raises, spec.test

local function type_name(dialect, t)
  core.now.dialect = dialect
  return require("luamig.dialect." .. dialect).types.name(sql.column("a", t).type)
end

test("a type is a value and a call alike", function()
  equal(sql.column("a", sql.text), sql.column("a", sql.text()))
  equal(sql.column("a", sql.string(50)).type, { node = "type", name = "string", length = 50 })
end)

test("a type that is a value does not change for the next script", function()
  local one = sql.column("a", sql.text)
  one.type.length = 5
  rawset(sql.text, "length", 5)
  equal(sql.column("a", sql.text).type, { node = "type", name = "text" })
end)

test("types are called what each engine calls them", function()
  local wanted = {
    { sql.string, "VARCHAR", "varchar" },
    { sql.string(50), "VARCHAR(50)", "varchar(50)" },
    { sql.numeric(10, 2), "NUMERIC(10, 2)", "numeric(10, 2)" },
    { sql.numeric(10), "NUMERIC(10)", "numeric(10)" },
    { sql.timestamptz, "TIMESTAMP", "timestamptz" },
    { sql.datetime, "DATETIME", "timestamp" },
    { sql.boolean, "BOOLEAN", "boolean" },
    { sql.uuid, "CHAR(36)", "uuid" },
    { sql.binary, "BLOB", "bytea" },
    { sql.interval, "TEXT", "interval" },
    { sql.jsonb, "TEXT", "jsonb" },
    { "varchar(9)", "varchar(9)", "varchar(9)" },
    { sql.enum("mood", { "a" }), "TEXT", "mood" },
  }
  for _, one in ipairs(wanted) do
    equal(type_name("sqlite", one[1]), one[2])
    equal(type_name("postgresql", one[1]), one[3])
  end
  equal(type_name("postgresql", sql.array(sql.string(5))), "varchar(5)[]")
end)

test("SQLite's declared types have the affinity that loses nothing", function()
  local names = require("luamig.dialect.sqlite").types.names
  for _, word in ipairs({ "uuid", "json", "jsonb", "interval", "inet", "enum", "string" }) do
    local name = names[word]
    assert(name:find("CHAR") or name:find("TEXT"), word .. " is not kept as text")
    assert(not name:find("INT"), word .. " would be kept as an integer")
  end
end)

test("SQLite has no arrays, and says what else", function()
  raises("sql.array: SQLite has no arrays", function()
    op.add_column("t", sql.column("a", sql.array(sql.text)))
  end, "sql.json keeps a list as text")
end)

test("a type in words is a type alone", function()
  raises("sql.column: 'type' must be a type alone, got 'text not null': say { nullable = false }",
    function()
      sql.column("a", "text not null")
    end)
  raises("sql.column: 'type' must be the name of a type, got 'text; drop table t'", function()
    sql.column("a", "text; drop table t")
  end)
  equal(sql.column("a", "timestamp with time zone").type.text, "timestamp with time zone")
end)

test("the arguments of a type are checked", function()
  raises("sql.string: 'length' must be a whole number above 0, got 0", function()
    sql.string(0)
  end)
  raises("sql.string: 'length' must be a whole number above 0, got a string", function()
    sql.string("50")
  end)
  raises("sql.column: 'type' must be called: sql.enum(type_name, values)", function()
    sql.column("a", sql.enum)
  end)
  raises("sql.text: too many arguments: it takes sql.text()", function()
    sql.text(5)
  end)
end)

test("references and its actions are checked", function()
  raises("sql.column: 'references' must be like \"users.id\", got 'users'", function()
    sql.column("a", sql.integer, { references = "users" })
  end)
  raises("sql.column: 'ondelete' must be one of CASCADE, SET NULL, SET DEFAULT, RESTRICT, "
    .. "NO ACTION, got 'CASCADES' (did you mean 'CASCADE'?)", function()
      sql.column("a", sql.integer, { references = "users.id", ondelete = "CASCADES" })
    end)
  raises("sql.column: 'ondelete' and 'onupdate' belong to 'references', which is missing",
    function()
      sql.column("a", sql.integer, { ondelete = "CASCADE" })
    end)
  equal(sql.column("a", sql.integer, { references = "crm.users.id" }).references,
    { schema = "crm", table = "users", column = "id" })
  raises("sql.foreign_key: 2 columns cannot refer to 1 column", function()
    sql.foreign_key({ "a", "b" }, { "t.a" })
  end)
  raises("sql.foreign_key: 'references' must all be of one table, got 't' and 'u'", function()
    sql.foreign_key({ "a", "b" }, { "t.a", "u.b" })
  end)
end)

test("a default that looks like a call is not taken for a text", function()
  raises("sql.column: 'server_default' is the text 'now()': sql.now() or sql.raw(…) calls a "
    .. "function, sql.literal(…) keeps the text", function()
      sql.column("a", sql.datetime, { server_default = "now()" })
    end)
  spec.expect_sql("postgresql", function()
    op.alter_column("t", "a", { server_default = sql.literal("now()") })
  end, "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'now()';")
end)

test("defaults are quoted by the engine's rules", function()
  local wanted = {
    { "it's", "'it''s'", "'it''s'" },
    { true, "1", "true" },
    { 1.5, "1.5", "1.5" },
    { sql.now(), "CURRENT_TIMESTAMP", "now()" },
    { sql.raw("-1"), "-1", "-1" },
    { sql.raw("1 + 1"), "(1 + 1)", "1 + 1" },
    { sql.raw("(1 + 1)"), "(1 + 1)", "(1 + 1)" },
    { sql.raw("(1) + (1)"), "((1) + (1))", "(1) + (1)" },
    { sql.raw("current_date"), "current_date", "current_date" },
  }
  local database = sqlite.attach("CREATE TABLE t (id INTEGER PRIMARY KEY)")
  for _, one in ipairs(wanted) do
    spec.expect_sql("sqlite", function()
      op.add_column("t", sql.column("a", sql.text, { server_default = one[1] }))
    end, ("ALTER TABLE t ADD COLUMN a TEXT DEFAULT %s;"):format(one[2]))
    spec.expect_sql("postgresql", function()
      op.add_column("t", sql.column("a", sql.text, { server_default = one[1] }))
    end, ("ALTER TABLE t ADD COLUMN a text DEFAULT %s;"):format(one[3]))
  end
  database:close()
end)

test("a default of null is no default", function()
  spec.expect_sql("sqlite", function()
    op.add_column("t", sql.column("a", sql.text, { server_default = null }))
  end, "ALTER TABLE t ADD COLUMN a TEXT;")
end)

test("format puts in names, literals and text", function()
  equal(sql.format("UPDATE %I SET %I = %L -- %s %%", "Users", "name", "it's", "note"),
    'UPDATE "Users" SET name = \'it\'\'s\' -- note %')
  equal(sql.format("%2$I.%1$I = %1$L", "a", "b"), "b.a = 'a'")
  equal(sql.format("[%5s|%-5s]", "ab", "cd"), "[   ab|cd   ]")
  equal(sql.format("%L %L", null, 7), "NULL 7")
  equal(sql.format("%s", 123456789012345), "123456789012345")
end)

test("format refuses what is not meant", function()
  raises("sql.format: argument 1 is nil", function()
    sql.format("%L", nil)
  end, "write null for SQL's NULL")
  raises("sql.format: there is no argument 2", function()
    sql.format("%I %I", "a")
  end)
  raises("sql.format: argument 2 is never used", function()
    sql.format("%I", "a", "b")
  end)
  raises("sql.format: '%x' is none of %s %I %L %%", function()
    sql.format("a %x", 1)
  end, "a percent sign itself is written %%")
end)

test("a plain name is not quoted, any other is", function()
  local quote = require("luamig.dialect.ident").quote
  for _, name in ipairs({ "users", "user_id2", "_x", "name", "key", "value", "status" }) do
    equal(quote(name), name)
  end
  for _, name in ipairs({ "user", "order", "group", "Users", "a.b", "2x", "a b", "ü", "offset" }) do
    equal(quote(name), '"' .. name .. '"')
  end
  equal(quote('a"b'), '"a""b"')
end)

test("every type and every item of sql is a method of t", function()
  for _, definition in ipairs(types.list) do
    assert(require("luamig.schema").list, definition.name)
  end
  spec.expect_sql("postgresql", function()
    op.create_table("everything", function(t)
      t:column("a", "cidr", { nullable = false })
      t:enum("b", "mood", { "x", "y" }, { server_default = "x" })
      t:array("c", sql.text, { server_default = "{}" })
      t:string("d", { unique = true })
      t:numeric("e")
      t:timestamptz("f", { server_default = sql.now() })
      t:primary_key { "a" }
      t:foreign_key({ "d" }, { "others.d" }, { onupdate = "RESTRICT" })
      t:exclude({ { "a", "=" } }, { where = "e > 1" })
      t:index("ix_e", { "e" })
    end)
  end, [[
    CREATE TABLE everything (
      a cidr PRIMARY KEY,
      b mood DEFAULT 'x',
      c text[] DEFAULT '{}',
      d varchar UNIQUE,
      e numeric,
      f timestamptz DEFAULT now(),
      FOREIGN KEY (d) REFERENCES others (d) ON UPDATE RESTRICT,
      EXCLUDE USING gist (a WITH =) WHERE (e > 1)
    );
    CREATE INDEX ix_e ON everything (e);]])
end)

test("t is called with a colon, and only while the table is described", function()
  raises("t.integer(…) is called with a colon: t:integer(…)", function()
    op.create_table("a", function(t)
      t.integer("x")
    end)
  end)
  raises("unknown name 't:intger' (did you mean 'integer'?)", function()
    op.create_table("a", function(t)
      t:intger("x")
    end)
  end)
  raises("t:integer: unknown option 'nulable' (did you mean 'nullable'?)", function()
    op.create_table("a", function(t)
      t:integer("x", { nulable = false })
    end)
  end)
  local kept
  op.create_table("a", function(t)
    t:id()
    kept = t
  end)
  raises("t:id(…) after the table was described", function()
    kept:id()
  end)
end)

test("create_table finds what does not fit together", function()
  local function table_of(...)
    local items = { ... }
    return function()
      op.create_table("t", items)
    end
  end
  local a = sql.column("a", sql.integer)
  raises("create_table: 't' has no column", table_of(sql.check("1 = 1")))
  raises("create_table: column 'a' is described twice", table_of(a, a))
  raises("create_table: sql.unique names 'aa', which is no column of the table (did you mean 'a'?)",
    table_of(a, sql.unique("aa")))
  raises("create_table: 't' has two primary keys", table_of(a, sql.primary_key("a"),
    sql.primary_key("a")))
  raises("create_table: the primary key is given twice, by column 'b' and by sql.primary_key",
    table_of(a, sql.column("b", sql.integer, { primary_key = true }), sql.primary_key("a")))
  raises("create_table: 'name' is 'crm.users', one name with a dot in it", function()
    op.create_table("crm.users", { a })
  end, 'op.create_table("users", …, { schema = "crm" })')
end)
