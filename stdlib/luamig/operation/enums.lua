--- Operations on enum types.
local core = require("luamig.core")
local fields = require("luamig.operation.fields")

local NAME = { "name", kind = "name", required = true, doc = "What the type is called." }

local function check_values(o)
  local seen = {}
  for _, value in ipairs(o.values) do
    if seen[value] then
      core.fail(("%s: '%s' has the value '%s' twice"):format(o.op, o.name, value))
    end
    seen[value] = true
  end
end

local function check_place(o)
  if o.before and o.after then
    core.fail(("add_enum_value: '%s' stands before or after a value, not both"):format(o.value))
  end
end

return {
  {
    name = "create_enum",
    fields = {
      NAME,
      { "values", kind = "labels", required = true, doc = "The values it has, in order." },
      fields.if_not_exists,
      fields.schema,
    },
    check = check_values,
    describe = function(o)
      return ("create enum %s"):format(o.name)
    end,
    reverse = function(o)
      return { op = "drop_enum", name = o.name, schema = o.schema }
    end,
    doc = "Makes an enum type for columns of sql.enum(name, values). SQLite has no types of its "
      .. "own: there every such column has a CHECK of that name, and nothing is to be made here.",
    example = 'op.create_enum("mood", { "happy", "sad" })',
  },
  {
    name = "add_enum_value",
    fields = {
      NAME,
      { "value", kind = "label", required = true, doc = "The new value." },
      { "before", option = true, kind = "label", doc = "It stands before this value." },
      { "after", option = true, kind = "label", doc = "It stands after this value." },
      fields.if_not_exists,
      fields.schema,
    },
    check = check_place,
    describe = function(o)
      return ("add value '%s' to enum %s"):format(o.value, o.name)
    end,
    doc = "Adds a value to an enum, and on SQLite to the CHECK of every column of it, at its end "
      .. "unless `before` or `after` says otherwise. PostgreSQL lets a row use it from the next "
      .. "transaction on, which is the next revision, and never takes it away again.",
    example = 'op.add_enum_value("mood", "curious", { after = "happy" })',
  },
  {
    name = "drop_enum",
    fields = { NAME, fields.if_exists, fields.schema },
    describe = function(o)
      return ("drop enum %s"):format(o.name)
    end,
    doc = "Drops an enum type that no column uses. On SQLite nothing is to be dropped.",
    example = 'op.drop_enum("mood")',
  },
}
