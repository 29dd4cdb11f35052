--- `sql.view`, `sql.partition`, `sql.sequence`: what models.lua says of a schema beside its tables.
-- Their fields are those of the operations that make them.
local arguments = require("luamig.arguments")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
require("luamig.operation.statements")
require("luamig.sql.items")

local schema_objects = {}

-- What is said of making one means nothing of what is there.
local NOT_HERE = { if_not_exists = true, or_replace = true, with_data = true }

kinds.add("index_items", {
  takes = "table",
  what = "a list of sql.index(…)",
  lua = "luamig.item[]",
  read = function(value)
    for i, one in ipairs(value) do
      if node.of(one) ~= "index" then
        return nil, ("must hold sql.index(…), item %d is none"):format(i)
      end
    end
    return value
  end,
})

local MORE = {
  view = { {
    "indexes",
    option = true,
    kind = "index_items",
    doc = 'Of a materialized view: { sql.index("ix", { "id" }) }.',
  } },
}

local function fields_of(name, definition)
  local fields = {}
  for _, field in ipairs(definition.fields) do
    if not NOT_HERE[field.name or field[1]] then
      fields[#fields + 1] = field
    end
  end
  for _, field in ipairs(MORE[name] or {}) do
    fields[#fields + 1] = field
  end
  return fields
end

local function word(name, room, doc, example)
  local operation = require("luamig.operation." .. room)[1]
  return {
    name = name,
    fields = fields_of(name, operation),
    returns = "luamig." .. name,
    doc = doc,
    example = example,
    make = function(read)
      return node.new(name, read)
    end,
  }
end

--- Their declarations, and the functions by name.
schema_objects.list = {
  word("view", "views", "A view, in models.lua.",
    'sql.view("adults", "SELECT id, name FROM users WHERE age >= 18")'),
  word("partition", "partitions", "A partition of a table, in models.lua. PostgreSQL only.",
    [[sql.partition("orders_2026", "orders", "FROM ('2026-01-01') TO ('2027-01-01')")]]),
  word("sequence", "sequences", "A sequence, in models.lua. PostgreSQL only.",
    'sql.sequence("invoice_numbers", { start = 1000 })'),
}

schema_objects.words = {}
for _, definition in ipairs(schema_objects.list) do
  schema_objects.words[definition.name] = arguments.word(definition)
end

return schema_objects
