--- The short form of a table: `function(t) … end`, where every word of `sql` that makes a type, a
-- column, a constraint or an index is a method of `t`. The outcome is a plain list of items.
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local items = require("luamig.sql.items")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")
local types = require("luamig.sql.types")

local schema = {}

local COLUMN_NAME = { "name", kind = "name", required = true, doc = "What the column is called." }

--- The methods of `t` beyond the words of `sql`, and one for each type, as declarations with
-- `make(read)`, which gives the items a call means.
schema.list = {
  {
    name = "id",
    fields = {
      { "name", kind = "name", default = "id", doc = "What the column is called." },
    },
    doc = "The usual primary key: a bigint that numbers itself.",
    make = function(read)
      local column = { name = read.name, type = types.make("bigint", {}), primary_key = true }
      return { items.make("column", column) }
    end,
  },
  {
    name = "timestamps",
    fields = {},
    doc = "created_at and updated_at: timestamptz, not null, the present time by default.",
    make = function()
      local made = {}
      for i, name in ipairs({ "created_at", "updated_at" }) do
        made[i] = items.make("column", {
          name = name,
          type = types.make("timestamptz", {}),
          nullable = false,
          server_default = node.new("now", {}),
        })
      end
      return made
    end,
  },
}

local function split_type(definition, read)
  local type_fields = {}
  for _, field in ipairs(definition.fields) do
    type_fields[field.name], read[field.name] = read[field.name], nil
  end
  read.type = types.make(definition.name, type_fields)
  return { items.make("column", read) }
end

for _, definition in ipairs(types.list) do
  table.insert(schema.list, {
    name = definition.name,
    fields = items.fields({ COLUMN_NAME }, definition.fields, items.column_options),
    doc = "A column of this type. " .. definition.doc,
    make = function(read)
      return split_type(definition, read)
    end,
  })
end

for _, definition in ipairs(items.list) do
  table.insert(schema.list, {
    name = definition.name,
    fields = definition.fields,
    doc = definition.doc,
    make = function(read)
      return { items.make(definition.name, read) }
    end,
  })
end

local function method(definition, builders)
  return function(self, ...)
    local made = builders[self]
    if not made then
      core.fail(("t.%s(…) is called with a colon: t:%s(…)"):format(
        definition.name, definition.name),
        "objects (db, t, batch) take a colon, modules (op, sql, json) a dot")
    elseif made.closed then
      core.fail(("t:%s(…) after the table was described"):format(definition.name))
    end
    local read = arguments.read(definition, select("#", ...), { ... })
    for _, item in ipairs(definition.make(read)) do
      made[#made + 1] = item
    end
  end
end

local builders = setmetatable({}, { __mode = "k" })
local methods = {}
for _, definition in ipairs(schema.list) do
  definition.label = "t:" .. definition.name
  -- A field of two declarations is prepared again, to the same end.
  arguments.define(definition)
  methods[definition.name] = method(definition, builders)
end
strict.close(methods, "t:")

--- The items that `describe(t)` names, in its order.
---@param describe fun(t: luamig.table_builder)
---@return table[]
function schema.build(describe)
  local t = setmetatable({}, { __index = methods, __metatable = false })
  local made = {}
  builders[t] = made
  describe(t)
  made.closed = true
  local list = {}
  for i, item in ipairs(made) do
    list[i] = item
  end
  return list
end

kinds.add("items", {
  takes = "table function node",
  what = "a list of columns or function(t) … end",
  lua = "luamig.item[]|fun(t: luamig.table_builder)",
  read = function(value)
    if type(value) == "function" then
      return schema.build(value)
    end
    return kinds.read_list(value, "item")
  end,
})

return schema
