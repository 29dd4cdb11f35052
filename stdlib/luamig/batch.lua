--- What a batch is: `function(batch) … end`, where the operations on a table are methods without
-- the argument that names it, by colon or by dot. The outcome is a plain list of operations.
local arguments = require("luamig.arguments")
local core = require("luamig.core")
local strict = require("luamig.strict")

local batch = {}

-- Fields that the batch itself answers.
local SCHEMA = { schema = true, source_schema = true }

local function own_fields(definition)
  local fields = {}
  for _, field in ipairs(definition.fields) do
    if field.name ~= definition.batch and not SCHEMA[field.name] then
      fields[#fields + 1] = field
    end
  end
  return fields
end

--- The methods of a batch as declarations, out of those of the operations.
---@param definitions table[]
---@return table[]
function batch.declare(definitions)
  local list = {}
  for _, definition in ipairs(definitions) do
    if definition.batch then
      list[#list + 1] = arguments.define({
        name = definition.name,
        label = "batch:" .. definition.name,
        fields = own_fields(definition),
        doc = definition.doc,
        operation = definition,
      })
    end
  end
  return list
end

local function make(method, made, ...)
  if made.closed then
    core.fail(("batch:%s(…) after the batch was described"):format(method.name))
  end
  local definition = method.operation
  local o = arguments.read(method, select("#", ...), { ... })
  o.op = definition.name
  o[definition.batch] = made.table
  o[definition.batch == "source" and "source_schema" or "schema"] = made.schema
  if definition.check then
    definition.check(o)
  end
  made[#made + 1] = o
end

-- `t`: the table that the migration holds, left out where it is the first argument.
local function entry(method, made, t)
  return function(first, ...)
    if rawequal(first, t) then
      make(method, made, ...)
    elseif select("#", ...) == 0 and first == nil then
      make(method, made)
    else
      make(method, made, first, ...)
    end
  end
end

--- The operations that `describe(batch)` names, in its order.
---@param methods table[] from batch.declare
---@param table_name string
---@param schema string?
---@param describe fun(batch: luamig.batch)
---@return table[]
function batch.build(methods, table_name, schema, describe)
  local made = { table = table_name, schema = schema }
  local t = {}
  for _, method in ipairs(methods) do
    t[method.name] = entry(method, made, t)
  end
  describe(strict.close(t, "batch:"))
  made.closed = true
  local list = {}
  for i, o in ipairs(made) do
    list[i] = o
  end
  return list
end

return batch
