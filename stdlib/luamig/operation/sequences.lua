--- Operations on sequences.
local fields = require("luamig.operation.fields")

local NAME = { "name", kind = "name", required = true, doc = "The sequence." }

return {
  {
    name = "create_sequence",
    only = "postgresql",
    noun = "sequences",
    fields = {
      NAME,
      { "type", option = true, aliases = { "type_" }, kind = "type", doc = "Of its numbers." },
      { "start", option = true, kind = "int64", doc = "The first number." },
      { "increment", option = true, kind = "int64", doc = "From one number to the next." },
      { "minvalue", option = true, kind = "int64", doc = "The least number." },
      { "maxvalue", option = true, kind = "int64", doc = "The greatest number." },
      { "cache", option = true, kind = "size", doc = "How many a session takes at a time." },
      { "cycle", option = true, kind = "boolean", doc = "Begins anew after the last number." },
      {
        "owned_by",
        option = true,
        kind = "reference",
        doc = 'The column it is dropped with: "users.id".',
      },
      fields.if_not_exists,
      fields.schema,
    },
    describe = function(o)
      return ("create sequence %s"):format(o.name)
    end,
    reverse = function(o)
      return { op = "drop_sequence", name = o.name, schema = o.schema }
    end,
    doc = "Makes a sequence.",
    example = [[
if db.dialect == "postgresql" then
  op.create_sequence("invoice_numbers", { start = 1000 })
end]],
  },
  {
    name = "drop_sequence",
    only = "postgresql",
    noun = "sequences",
    fields = { NAME, fields.if_exists, fields.cascade, fields.schema },
    describe = function(o)
      return ("drop sequence %s"):format(o.name)
    end,
    doc = "Drops a sequence.",
    example = [[
if db.dialect == "postgresql" then
  op.drop_sequence("invoice_numbers")
end]],
  },
}
