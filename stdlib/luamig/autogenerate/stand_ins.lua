--- Models moved to the schemas that stand for PostgreSQL's own for a while: their names, and those
-- in the SQL that they hold.
local core = require("luamig.core")
local node = require("luamig.node")
local tokens = require("luamig.dialect.postgresql.tokens")

local stand_ins = {}
stand_ins.__index = stand_ins

--- What stands for the schemas. `place`: default (the schema that needs no name), main (what stands
-- for it), names (what stands for each other one).
---@param place table
---@return table
function stand_ins.new(place)
  return setmetatable(place, stand_ins)
end

--- What stands for a schema; nil: it needs no name.
---@param schema string?
---@return string?
function stand_ins:of(schema)
  if schema == nil or schema == self.default then
    return nil
  end
  local name = self.names[schema]
  if not name then
    core.fail(("the models speak of the schema '%s', which is not compared"):format(schema),
      ('configure = { include_schemas = { "%s" } } in env.lua'):format(schema))
  end
  return name
end

local function moved_reference(place, target)
  local schema = place:of(target.schema)
  return { schema = schema, table = target.table, column = target.column }
end

--- SQL in which schemas are named by what stands for them.
---@param text string
---@return string
function stand_ins:text(text)
  if not text:find(".", 1, true) then
    return text
  end
  local parts, at = {}, 1
  local list = tokens.read(text)
  for i, token in ipairs(list) do
    local next_token = list[i + 1]
    local schema = next_token and next_token.text == "." and token.name
    local name = schema and (schema == self.default and self.main or self.names[schema])
    if name then
      parts[#parts + 1] = text:sub(at, token.from - 1) .. name
      at = token.to + 1
    end
  end
  parts[#parts + 1] = text:sub(at)
  return table.concat(parts)
end

local function moved_type(place, t)
  if t.name == "plain" then
    return node.new("type", { name = "plain", text = place:text(t.text) })
  elseif t.name == "array" then
    return node.new("type", { name = "array", of = moved_type(place, t.of) })
  elseif t.name == "enum" and t.schema then
    return node.new("type", { name = "enum", type_name = t.type_name, values = t.values,
      schema = place:of(t.schema) })
  end
  return t
end

-- Everything of an item, and the SQL in it moved.
local function moved_value(place, value)
  if type(value) ~= "table" or core.type(value) ~= "table" then
    return value
  elseif node.of(value) == "raw" then
    return node.new("raw", { text = place:text(value.text) })
  elseif node.of(value) == "type" then
    return moved_type(place, value)
  end
  local copy = {}
  for field, one in pairs(value) do
    copy[field] = moved_value(place, one)
  end
  return copy
end

local function moved_item(place, item)
  local copy = moved_value(place, item)
  local targets = copy.references
  if targets and targets.table then
    copy.references = moved_reference(place, targets)
  end
  for i, target in ipairs(targets or {}) do
    targets[i] = moved_reference(place, target)
  end
  return copy
end

local function moved(place, o)
  local copy = {}
  for field, value in pairs(o) do
    copy[field] = value
  end
  copy.schema = place:of(o.schema)
  copy.table_schema = place:of(o.table_schema)
  if o.owned_by then
    copy.owned_by = moved_reference(place, o.owned_by)
  end
  if type(o.query) == "string" then
    copy.query = place:text(o.query)
  elseif o.query then
    copy.query = moved_value(place, o.query)
  end
  if o.op == "create_index" then
    copy.columns, copy.where = moved_value(place, o.columns), moved_value(place, o.where)
  end
  if o.items then
    copy.items = {}
    for i, item in ipairs(o.items) do
      copy.items[i] = moved_item(place, item)
    end
  end
  return copy
end

--- Models (models.read) as they are made in the schemas that stand for others.
---@param found table
---@return table
function stand_ins:models(found)
  local there = {}
  for _, kind in ipairs({ "enums", "sequences", "tables", "partitions", "views" }) do
    there[kind] = {}
    for i, o in ipairs(found[kind]) do
      there[kind][i] = moved(self, o)
    end
  end
  return there
end

return stand_ins
