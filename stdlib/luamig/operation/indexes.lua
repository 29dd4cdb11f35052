--- Operations on indexes.
local fields = require("luamig.operation.fields")
local items = require("luamig.sql.items")

local CONCURRENTLY = {
  "concurrently",
  option = true,
  kind = "boolean",
  only = "postgresql",
  elsewhere = "skipped",
  doc = "Writers go on meanwhile. It works outside a transaction only: in a durable revision.",
}

return {
  {
    name = "create_index",
    batch = "table",
    fields = items.fields({
      { "name", kind = "name", required = true, doc = "What the index is called." },
      fields.table,
      {
        "columns",
        kind = "index_columns",
        required = true,
        doc = 'Names and expressions: { "email" }, { sql.raw("lower(email)") }.',
      },
    }, items.index_options, {
      CONCURRENTLY,
      fields.if_not_exists,
      fields.schema,
    }),
    describe = function(o)
      return ("create index %s on %s"):format(o.name, o.table)
    end,
    reverse = function(o)
      return {
        op = "drop_index",
        name = o.name,
        table = o.table,
        schema = o.schema,
        concurrently = o.concurrently,
      }
    end,
    doc = "Makes an index.",
    example = 'op.create_index("ix_users_email", "users", { "email" }, { unique = true })',
  },
  {
    name = "drop_index",
    batch = "table",
    fields = {
      { "name", kind = "name", required = true, doc = "The index." },
      {
        "table",
        kind = "name",
        aliases = { "table_name" },
        doc = "Its table, which need not be said: an index is found by its name.",
      },
      fields.if_exists,
      CONCURRENTLY,
      fields.schema,
    },
    describe = function(o)
      return ("drop index %s"):format(o.name)
    end,
    doc = "Drops an index.",
    example = 'op.drop_index("ix_users_email", "users")',
  },
}
