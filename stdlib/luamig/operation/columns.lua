--- Operations on the columns of a table.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")
require("luamig.sql.items")

local NAME = { "name", kind = "name", required = true, doc = "The column." }

-- The changes that alter_column can make, each with the field that tells what was before.
local CHANGES = {
  { "type", "existing_type" },
  { "nullable", "existing_nullable" },
  { "server_default", "existing_server_default" },
  { "comment", "existing_comment" },
}

local function check_alter(o)
  if o.using and not o.type then
    core.fail("alter_column: 'using' belongs to 'type', which is missing")
  end
  for _, change in ipairs(CHANGES) do
    if o[change[1]] ~= nil then
      return
    end
  end
  if not o.new_column_name then
    core.fail(("alter_column: nothing to change in %s.%s"):format(o.table, o.name),
      "give new_column_name, type, nullable, server_default or comment")
  end
end

local function reverse_alter(o)
  local back = { op = "alter_column", table = o.table, name = o.name, schema = o.schema }
  if o.new_column_name then
    back.name, back.new_column_name = o.new_column_name, o.name
  end
  for _, change in ipairs(CHANGES) do
    local name, before = change[1], change[2]
    if o[name] ~= nil then
      if o[before] == nil then
        return nil
      end
      back[name], back[before] = o[before], o[name]
    end
  end
  return back
end

local function check_add(o)
  if o.insert_before and o.insert_after then
    core.fail("add_column: 'insert_before' and 'insert_after' are both given")
  end
end

return {
  {
    name = "add_column",
    batch = "table",
    fields = {
      fields.table,
      { "column", kind = "column", required = true, doc = "sql.column(name, type, options)." },
      fields.schema,
      fields.if_not_exists,
      {
        "insert_before",
        option = true,
        kind = "name",
        only = "sqlite",
        elsewhere = "skipped",
        doc = "On SQLite it stands before this column; PostgreSQL adds it as the last.",
      },
      {
        "insert_after",
        option = true,
        kind = "name",
        only = "sqlite",
        elsewhere = "skipped",
        doc = "On SQLite it stands after this column; PostgreSQL adds it as the last.",
      },
    },
    check = check_add,
    describe = function(o)
      return ("add column %s.%s"):format(o.table, o.column.name)
    end,
    reverse = function(o)
      return { op = "drop_column", table = o.table, name = o.column.name, schema = o.schema }
    end,
    doc = "Adds a column. A table with rows wants it nullable, or with a server_default.",
    example = 'op.add_column("users", sql.column("first_name", sql.string(100)))',
  },
  {
    name = "drop_column",
    batch = "table",
    fields = {
      fields.table,
      NAME,
      fields.schema,
      fields.if_exists,
      {
        "cascade",
        option = true,
        kind = "boolean",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "With the views and foreign keys that use it.",
      },
    },
    describe = function(o)
      return ("drop column %s.%s"):format(o.table, o.name)
    end,
    destroys = "drops a column",
    doc = "Drops a column, its values, and the indexes over it.",
    example = 'op.drop_column("users", "legacy_field")',
  },
  {
    name = "rename_column",
    batch = "table",
    fields = {
      fields.table,
      { "old", kind = "name", required = true, doc = "What the column is called now." },
      { "new", kind = "name", required = true, doc = "What it is called from now on." },
      fields.schema,
      fields.if_exists,
    },
    describe = function(o)
      return ("rename column %s.%s to %s"):format(o.table, o.old, o.new)
    end,
    reverse = function(o)
      return {
        op = "rename_column",
        table = o.table,
        old = o.new,
        new = o.old,
        schema = o.schema,
        if_exists = o.if_exists,
      }
    end,
    doc = "Renames a column. Indexes, constraints, views and triggers follow.",
    example = 'op.rename_column("users", "name", "full_name")',
  },
  {
    name = "alter_column",
    batch = "table",
    fields = {
      fields.table,
      NAME,
      {
        "new_column_name",
        option = true,
        kind = "name",
        doc = "What it is called from now on.",
      },
      {
        "type",
        option = true,
        aliases = { "type_" },
        kind = "type",
        doc = "The new type. The collation stays what it is, unless the type says COLLATE; but "
          .. "PostgreSQL's SQL of --sql forgets one that the type does not say.",
      },
      {
        "using",
        option = true,
        kind = "expression",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "How the values become values of the new type: \"code::integer\".",
      },
      { "nullable", option = true, kind = "boolean", doc = "Whether NULL is allowed." },
      {
        "server_default",
        option = true,
        kind = "default",
        doc = "The new default: a value, sql.raw(…) or sql.now(); null drops it.",
      },
      {
        "comment",
        option = true,
        kind = "comment",
        only = "postgresql",
        elsewhere = "skipped",
        doc = "The new comment; null drops it.",
      },
      {
        "existing_type",
        option = true,
        kind = "type",
        doc = "The type until now, from which the way back is made.",
      },
      {
        "existing_nullable",
        option = true,
        kind = "boolean",
        doc = "Whether NULL was allowed until now.",
      },
      {
        "existing_server_default",
        option = true,
        kind = "default",
        doc = "The default until now; null: none.",
      },
      {
        "existing_comment",
        option = true,
        kind = "comment",
        doc = "The comment until now; null: none.",
      },
      fields.schema,
    },
    check = check_alter,
    describe = function(o)
      return ("alter column %s.%s"):format(o.table, o.name)
    end,
    destroys = function(o)
      return o.type and "changes a type" or nil
    end,
    reverse = reverse_alter,
    doc = "Changes a column: what it is called, its type, whether NULL is allowed, its default, "
      .. "its comment. SQLite makes the table anew for a type or a default.",
    example = 'op.alter_column("users", "name", { new_column_name = "full_name" })',
  },
}
