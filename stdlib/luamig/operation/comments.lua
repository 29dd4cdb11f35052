--- Operations on the comments of tables; a column's is changed by alter_column.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")

local EXISTING = {
  "existing_comment",
  option = true,
  kind = "comment",
  doc = "The comment until now, from which the way back is made; null: none.",
}

local function back(o)
  if o.existing_comment == nil then
    return nil
  elseif core.is_null(o.existing_comment) then
    return {
      op = "drop_table_comment",
      table = o.table,
      existing_comment = o.comment,
      schema = o.schema,
    }
  end
  return {
    op = "create_table_comment",
    table = o.table,
    comment = o.existing_comment,
    existing_comment = o.comment or core.null,
    schema = o.schema,
  }
end

return {
  {
    name = "create_table_comment",
    batch = "table",
    fields = {
      fields.table,
      { "comment", kind = "text", required = true, doc = "What is kept beside the table." },
      EXISTING,
      fields.schema,
    },
    describe = function(o)
      return ("comment on table %s"):format(o.table)
    end,
    reverse = back,
    doc = "Sets the comment of a table. SQLite keeps none, and nothing is done there.",
    example = 'op.create_table_comment("users", "people who signed up")',
  },
  {
    name = "drop_table_comment",
    batch = "table",
    fields = { fields.table, EXISTING, fields.schema },
    describe = function(o)
      return ("drop the comment on table %s"):format(o.table)
    end,
    reverse = back,
    doc = "Drops the comment of a table. SQLite keeps none, and nothing is done there.",
    example = 'op.drop_table_comment("users")',
  },
}
