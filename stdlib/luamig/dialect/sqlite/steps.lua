--- Changes of a table, cut into steps that change one thing each. A step is { kind, op, … }: `op`
-- is the operation it comes from, for messages.
--
-- Each kind has apply(state, step), which edits the state of change.lua, and tier(state, step):
-- "native", "edit" or "rebuild". Where SQLite's own statements do it there is native(state, step);
-- simple(step, facts) and offline(step) give those that need no look at the table, or nil.
local common = require("luamig.dialect.common")
local core = require("luamig.core")
local d = require("luamig.dialect.sqlite.words")
local ident = require("luamig.dialect.ident")
local node = require("luamig.node")
local strict = require("luamig.strict")
local tokens = require("luamig.dialect.sqlite.tokens")

local steps = {}

local kinds = {}
for _, room in ipairs({ "column_steps", "constraint_steps", "enum_steps", "table_steps" }) do
  local own = require("luamig.dialect.sqlite." .. room)
  for _, kind in ipairs(strict.sorted_keys(own)) do
    kinds[kind] = own[kind]
  end
end

local function copy(o, kind, fields)
  local step = {}
  for _, from in ipairs({ o, fields or {} }) do
    for _, key in ipairs(strict.sorted_keys(from)) do
      step[key] = from[key]
    end
  end
  step.kind = kind
  return step
end

-- alter_column is a rename, and what changes of the column under its new name.
local function split_alter(o, list)
  if o.new_column_name and o.new_column_name ~= o.name then
    list[#list + 1] = copy(o, "rename_column", { old = o.name, new = o.new_column_name })
  end
  local now = { name = o.new_column_name or o.name }
  for _, part in ipairs({ "type", "nullable", "server_default" }) do
    if o[part] ~= nil then
      list[#list + 1] = copy(o, "set_" .. part, now)
    end
  end
end

local function is_done(o, facts)
  if o.op == "add_column" then
    return common.is_present(d, o, facts, o.column.name)
  elseif o.op == "drop_column" or o.op == "rename_column" then
    return common.is_absent(d, o, facts, o.old or o.name)
  end
  return false
end

--- Whether an operation is a change of a table.
---@param o table
---@return boolean
function steps.takes(o)
  return kinds[o.op] ~= nil or o.op == "rename_column" or o.op == "alter_column"
end

--- The steps of these operations, all on one table.
---@param table_name string
---@param schema string?
---@param changes table[]
---@param facts table?
---@return table[]
function steps.split(table_name, schema, changes, facts)
  local list = {}
  for _, o in ipairs(changes) do
    o = copy(o, o.op, { table = table_name, schema = schema or nil })
    if o.op == "alter_column" then
      split_alter(o, list)
    elseif not is_done(o, facts) then
      list[#list + 1] = o
    end
  end
  return list
end

--- The statements of a step that SQLite's own ALTER TABLE makes whatever the table is like, or nil.
---@return table[]?
function steps.simple(step, facts)
  local simple = kinds[step.kind].simple
  return simple and simple(step, facts)
end

function steps.tier(state, step)
  local tier = kinds[step.kind].tier
  return type(tier) == "string" and tier or tier(state, step)
end

function steps.apply(state, step)
  kinds[step.kind].apply(state, step)
end

function steps.native(state, step)
  return kinds[step.kind].native(state, step)
end

--- RENAME COLUMN: indexes, views, triggers and other tables' keys follow.
function steps.rename(step)
  return d.alter(step, step.table, "RENAME COLUMN %s TO %s", ident.quote(step.old),
    common.new_name(d, step.new))
end

local PARTS = { type = "type", nullable = "nullable", server_default = "server_default" }

--- What can be written without a look at the table; anything else is an error.
function steps.offline(step)
  if step.kind == "rename_column" then
    return { steps.rename(step) }
  end
  local offline = kinds[step.kind].offline
  local statements = offline and offline(step)
  if statements then
    return statements
  end
  local part = PARTS[step.kind:match("^set_(.*)$") or ""]
  core.fail(("%s: on SQLite %s depends on how '%s' is described in the database, and --sql has "
    .. "none to ask"):format(step.op, part and ("'%s'"):format(part) or "this", step.table),
    "run it online")
end

local function mentions(value, name)
  if type(value) == "string" then
    return tokens.same(value, name)
  elseif node.of(value) == "raw" then
    return tokens.mention(tokens.read(value.text), name)
  elseif type(value) ~= "table" then
    return false
  end
  for _, part in ipairs(value) do
    if mentions(part, name) then
      return true
    end
  end
  for _, key in ipairs(strict.sorted_keys(value)) do
    if mentions(value[key], name) then
      return true
    end
  end
  return false
end

--- Whether a step speaks of a column of this name.
function steps.mentions(step, name)
  for _, key in ipairs(strict.sorted_keys(step)) do
    if key ~= "table" and key ~= "schema" and mentions(step[key], name) then
      return true
    end
  end
  return false
end

return steps
