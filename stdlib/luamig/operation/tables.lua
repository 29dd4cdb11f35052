--- Operations on whole tables.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
local node = require("luamig.node")
local strict = require("luamig.strict")
require("luamig.schema")


-- Every column that a constraint or an index names must be one of the table's own: SQLite would
-- take a misspelt name in an index for a text.
local function check_names(known, names, item)
  for _, name in ipairs(item.columns or {}) do
    if type(name) == "string" and not known[name] then
      core.fail(("create_table: sql.%s names '%s', which is no column of the table%s"):format(
        item.node, name, strict.did_you_mean(name, names)))
    end
  end
end

local function check_create(o)
  if o.name:find(".", 1, true) then
    local schema, name = o.name:match("^(.-)%.(.*)$")
    core.fail(("create_table: 'name' is '%s', one name with a dot in it"):format(o.name),
      ('op.create_table("%s", …, { schema = "%s" })'):format(name, schema))
  end
  local known, names, keys = {}, {}, 0
  for _, item in ipairs(o.items) do
    if node.of(item) == "column" then
      if known[item.name] then
        core.fail(("create_table: column '%s' is described twice"):format(item.name))
      end
      known[item.name] = true
      names[#names + 1] = item.name
    elseif node.of(item) == "primary_key" then
      keys = keys + 1
    end
  end
  if #names == 0 then
    core.fail(("create_table: '%s' has no column"):format(o.name))
  elseif keys > 1 then
    core.fail(("create_table: '%s' has two primary keys"):format(o.name))
  end
  for _, item in ipairs(o.items) do
    check_names(known, names, item)
    if item.primary_key and keys > 0 then
      core.fail(("create_table: the primary key is given twice, by column '%s' and by "
        .. "sql.primary_key"):format(item.name))
    end
  end
end

local function guard_drop(o, facts)
  if o.cascade then
    return
  end
  local names = {}
  for _, referent in ipairs(facts.references_to(o.name, o.schema)) do
    if not referent.same_table then
      names[#names + 1] = ("%s.%s"):format(referent.table, referent.column)
    end
  end
  if #names > 0 then
    core.fail(("drop_table: '%s' is referenced by %s"):format(o.name, table.concat(names, ", ")),
      "drop those first, or give { cascade = true }")
  end
end

local function own_of_sqlite(name, doc)
  return { name, option = true, kind = "boolean", only = "sqlite", elsewhere = "skipped",
    doc = doc }
end

local ALTERED = { strict = "STRICT", without_rowid = "WITHOUT ROWID",
  autoincrement = "AUTOINCREMENT" }

local function check_alter(o)
  for _, name in ipairs(strict.sorted_keys(ALTERED)) do
    if o[name] ~= nil then
      return
    end
  end
  core.fail(("alter_table: nothing of '%s' is to be changed"):format(o.table),
    "it takes " .. table.concat(strict.sorted_keys(ALTERED), ", "))
end

local function altered(o)
  local parts = {}
  for _, name in ipairs(strict.sorted_keys(ALTERED)) do
    if o[name] ~= nil then
      parts[#parts + 1] = (o[name] and "" or "not ") .. ALTERED[name]
    end
  end
  return parts[1] and ": " .. table.concat(parts, ", ") or ""
end

return {
  {
    name = "create_table",
    fields = {
      { "name", kind = "name", required = true, doc = "What the table is called." },
      {
        "items",
        kind = "items",
        required = true,
        rest = true,
        doc = "Its columns, constraints and indexes: a list, one after the other, or a function "
          .. "that is given `t`.",
      },
      fields.schema,
      fields.if_not_exists,
      {
        "comment",
        option = true,
        kind = "text",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "Kept beside the table in the catalog.",
      },
      {
        "prefixes",
        option = true,
        kind = "words",
        doc = 'Words between CREATE and TABLE: { "TEMPORARY" }.',
      },
      {
        "strict",
        option = true,
        kind = "boolean",
        only = "sqlite",
        elsewhere = "skipped",
        doc = "SQLite checks the types of what is stored, as PostgreSQL always does.",
      },
      {
        "without_rowid",
        option = true,
        kind = "boolean",
        only = "sqlite",
        elsewhere = "skipped",
        doc = "SQLite stores the rows in the order of the primary key.",
      },
      {
        "partition_by",
        option = true,
        kind = "expression",
        only = "postgresql",
        elsewhere = "refused",
        doc = 'How the table is divided: "RANGE (created_at)".',
      },
      {
        "unlogged",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "Faster to write, and empty after a crash.",
      },
      {
        "with",
        option = true,
        kind = "settings",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "Storage parameters: { fillfactor = 70 }.",
      },
    },
    check = check_create,
    describe = function(o)
      return ("create table %s"):format(o.name)
    end,
    reverse = function(o)
      return { op = "drop_table", name = o.name, schema = o.schema }
    end,
    doc = "Makes a table with its constraints and indexes. A single-column integer primary key "
      .. "numbers itself, unless it has a default, `references` or `autoincrement = false`.",
    example = [[
op.create_table("order_items", function(t)
  t:id()
  t:integer("order_id", { nullable = false, references = "orders.id", ondelete = "CASCADE" })
  t:string("sku", 50, { nullable = false, index = true })
  t:numeric("price", 10, 2, { nullable = false })
  t:timestamps()
  t:unique({ "order_id", "sku" }, { name = "order_items_sku" })
end)]],
  },
  {
    name = "drop_table",
    fields = {
      {
        "name",
        kind = "name",
        required = true,
        doc = "The table.",
      },
      fields.schema,
      fields.if_exists,
      {
        "cascade",
        option = true,
        kind = "boolean",
        doc = "Although other tables refer to it: their foreign keys are dropped, their rows "
          .. "stay. PostgreSQL drops the views that read it too.",
      },
    },
    guard = guard_drop,
    describe = function(o)
      return ("drop table %s"):format(o.name)
    end,
    destroys = "drops a table",
    doc = "Drops a table with its rows, indexes and triggers. Refused while other tables refer to "
      .. "it, naming them, on both engines alike; where --sql does not know the schema, that is "
      .. "left to the database.",
    example = 'op.drop_table("order_items")',
  },
  {
    name = "rename_table",
    fields = {
      { "old", kind = "name", required = true, doc = "What the table is called now." },
      { "new", kind = "name", required = true, doc = "What it is called from now on." },
      fields.schema,
      fields.if_exists,
    },
    describe = function(o)
      return ("rename table %s to %s"):format(o.old, o.new)
    end,
    reverse = function(o)
      return {
        op = "rename_table",
        old = o.new,
        new = o.old,
        schema = o.schema,
        if_exists = o.if_exists,
      }
    end,
    doc = "Renames a table. Foreign keys, indexes, views and triggers follow.",
    example = 'op.rename_table("accounts", "users")',
  },
  {
    name = "alter_table",
    batch = "table",
    fields = {
      fields.table,
      own_of_sqlite("strict", "Whether it is STRICT. Types become those that a STRICT table knows, "
        .. "and values that are none of theirs fail it; without it the types stay."),
      own_of_sqlite("without_rowid", "Whether it is WITHOUT ROWID, which needs a primary key."),
      own_of_sqlite("autoincrement", "Whether its integer primary key never gives a number twice."),
      fields.schema,
    },
    check = check_alter,
    describe = function(o)
      return ("alter table %s%s"):format(o.table, altered(o))
    end,
    doc = "Changes what only SQLite's tables are; there the table is made anew. On PostgreSQL "
      .. "nothing is to be done.",
    example = 'op.alter_table("users", { strict = true })',
  },
}
