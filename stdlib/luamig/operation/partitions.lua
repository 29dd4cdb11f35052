--- Operations on the partitions of a table.
local fields = require("luamig.operation.fields")

return {
  {
    name = "create_partition",
    only = "postgresql",
    noun = "partitions",
    fields = {
      { "name", kind = "name", required = true, doc = "What the partition is called." },
      { "table", kind = "name", required = true, doc = "The table that it is a part of." },
      {
        "values",
        kind = "expression",
        required = true,
        doc = "Which rows it holds: \"FROM ('2026-01-01') TO ('2027-01-01')\", \"IN ('a')\", "
          .. '"WITH (MODULUS 4, REMAINDER 0)", "DEFAULT".',
      },
      {
        "partition_by",
        option = true,
        kind = "expression",
        doc = "How it is divided again, if it is.",
      },
      fields.if_not_exists,
      fields.schema,
      { "table_schema", option = true, kind = "name", doc = "Where the table lies." },
    },
    describe = function(o)
      return ("create partition %s of %s"):format(o.name, o.table)
    end,
    reverse = function(o)
      return { op = "drop_table", name = o.name, schema = o.schema }
    end,
    doc = "Makes a partition of a table that was made with partition_by. It has the columns, the "
      .. "constraints and the indexes of its table; drop_table drops it.",
    example = [[
if db.dialect == "postgresql" then
  op.create_partition("orders_2026", "orders", "FROM ('2026-01-01') TO ('2027-01-01')")
end]],
  },
}
