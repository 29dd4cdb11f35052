--- CREATE TABLE with its indexes and comments, in either dialect.
local column = require("luamig.dialect.column")
local common = require("luamig.dialect.common")
local ident = require("luamig.dialect.ident")
local index = require("luamig.dialect.index")
local items = require("luamig.sql.items")
local node = require("luamig.node")
local types = require("luamig.sql.types")

local add = common.add
local whole = {}

-- The primary key of a table: its columns, its name, the constraint that declares it.
local function primary_key(o)
  local key = { columns = {} }
  for _, item in ipairs(o.items) do
    if node.of(item) == "primary_key" then
      key.columns, key.name, key.declared = item.columns, item.name, item
    elseif item.primary_key then
      key.columns[#key.columns + 1] = item.name
    end
  end
  return key
end

local function refers(o, name)
  for _, item in ipairs(o.items) do
    for _, referring in ipairs(node.of(item) == "foreign_key" and item.columns or {}) do
      if referring == name then
        return true
      end
    end
  end
  return false
end

-- Whether a column that is the whole primary key numbers itself.
local function numbers_itself(o, c)
  if c.identity then
    return types.is_integer(c.type) and not o.without_rowid
  end
  return types.is_integer(c.type) and c.autoincrement ~= false and c.server_default == nil
    and not c.computed and not c.references and not refers(o, c.name) and not o.without_rowid
end

-- Whether the key is declared as a constraint rather than in its column.
local function is_apart(key)
  local declared = key.declared or {}
  return #key.columns > 1 or declared.deferrable ~= nil or declared.initially ~= nil
    or declared.include ~= nil or declared.on_conflict ~= nil
end

local function place_of(o, key, c)
  local at = { strict = o.strict }
  for _, name in ipairs(key.columns) do
    at.in_key = at.in_key or name == c.name
  end
  if at.in_key and #key.columns == 1 then
    at.key, at.key_name, at.key_apart = true, key.name, is_apart(key)
    at.numbered = numbers_itself(o, c)
  end
  return at
end

--- The place of a column that is added to a table (see column.text).
---@param c table
---@return table
function whole.place_of_added(c)
  local alone = { items = { c } }
  local at = place_of(alone, primary_key(alone), c)
  at.added = true
  return at
end

local function table_lines(d, o)
  local key = primary_key(o)
  local lines, constraints = {}, {}
  if is_apart(key) then
    local key_node = key.declared or node.new("primary_key", { columns = key.columns })
    constraints[1] = column.constraint(d, key_node)
  end
  for _, item in ipairs(o.items) do
    local name = node.of(item)
    if name == "column" then
      lines[#lines + 1] = column.text(d, item, place_of(o, key, item))
    elseif name ~= "index" and name ~= "primary_key" then
      constraints[#constraints + 1] = column.constraint(d, item)
    end
  end
  for _, line in ipairs(constraints) do
    lines[#lines + 1] = line
  end
  return "  " .. table.concat(lines, ",\n  ")
end

local function table_indexes(d, o, statements)
  for _, item in ipairs(o.items) do
    local i = item.index and index.of_column(o.name, o.schema, item.name)
    if node.of(item) == "index" then
      i = common.own(d, items.by_name.index, item)
      i.table, i.schema = o.name, o.schema
    end
    if i then
      i.if_not_exists = o.if_not_exists
      statements[#statements + 1] = index.create(d, i)
    end
  end
end

--- CREATE TABLE with its indexes and comments. `head`: words before TABLE; `tail`: after the
-- closing parenthesis.
---@param d table
---@param o table the operation, with the fields that this dialect knows
---@param head string[]
---@param tail string[]
---@return table[] statements
function whole.create(d, o, head, tail)
  common.new_name(d, o.name)
  local parts = { "CREATE" }
  for _, word in ipairs(o.prefixes or {}) do
    add(parts, word)
  end
  for _, word in ipairs(head) do
    add(parts, word)
  end
  add(parts, o.if_not_exists and "TABLE IF NOT EXISTS" or "TABLE")
  add(parts, ident.qualified(o.schema, o.name))
  local sql = ("%s (\n%s\n)%s"):format(table.concat(parts, " "), table_lines(d, o),
    #tail > 0 and " " .. table.concat(tail, " ") or "")
  local statements = { { sql = sql } }
  table_indexes(d, o, statements)
  for _, statement in ipairs(d.comments(o)) do
    statements[#statements + 1] = statement
  end
  return statements
end

return whole
