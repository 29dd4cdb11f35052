--- Operations and descriptions of tables as the Lua that a person would write.
local core = require("luamig.core")
local node = require("luamig.node")
local operation = require("luamig.operation")
local words = require("luamig.autogenerate.spell_words")

local spell = {}

local ID = { name = true, type = true, primary_key = true, node = true }

-- How many columns say that they are the primary key.
local function keys_in(described)
  local count = 0
  for _, item in ipairs(described) do
    count = count + (node.of(item) == "column" and item.primary_key and 1 or 0)
  end
  return count
end

-- The usual key, which has a word of its own.
local function is_id(c)
  if node.of(c) ~= "column" or not c.primary_key
    or (c.type.name ~= "bigint" and not (c.type.name == "integer" and core.dialect() == "sqlite"))
  then
    return false
  end
  for key in pairs(c) do
    if not ID[key] then
      return false
    end
  end
  return true
end

local STAMP = { name = true, type = true, nullable = true, server_default = true, node = true }

local function is_stamp(c, name)
  if not c or node.of(c) ~= "column" or c.name ~= name or c.type.name ~= "timestamptz"
    or c.nullable ~= false or node.of(c.server_default) ~= "now" then
    return false
  end
  for key in pairs(c) do
    if not STAMP[key] then
      return false
    end
  end
  return true
end

local function indented(text)
  return "  " .. text:gsub("\n(.)", "\n  %1")
end

--- The body of function(t) … end, each line indented.
---@param described table[]
---@return string
function spell.body(described)
  local lines, i, has_one_key = {}, 1, keys_in(described) == 1
  while described[i] do
    local item = described[i]
    if has_one_key and is_id(item) then
      lines[#lines + 1] = item.name == "id" and "t:id()" or ("t:id(%s)"):format(
        words.text(item.name))
    elseif is_stamp(item, "created_at") and is_stamp(described[i + 1], "updated_at") then
      lines[#lines + 1] = "t:timestamps()"
      i = i + 1
    else
      lines[#lines + 1] = words.item("t:", item)
    end
    i = i + 1
  end
  for n, line in ipairs(lines) do
    lines[n] = indented(line)
  end
  return table.concat(lines, "\n")
end

--- A table, by the declaration of the word that makes it: op.create_table, sql.table.
---@param name string
---@param definition table
---@param o table with `items`
---@return string
function spell.table(name, definition, o)
  local arguments, options = words.parts_of(definition, o, { items = true, columns = true })
  if #options > 0 then
    arguments[#arguments + 1] = ("{ %s }"):format(table.concat(options, ", "))
  end
  return ("%s(%s, function(t)\n%s\nend)"):format(name, table.concat(arguments, ", "),
    spell.body(o.items))
end

local function noted(o, text)
  return o.note and ("-- %s\n%s"):format(o.note:gsub("\n", "\n-- "), text) or text
end

-- The changes of a table, each a method of the batch.
local function batch(o)
  local lines = {}
  for i, change in ipairs(o.changes) do
    local definition = operation.get(change.op)
    lines[i] = indented(noted(change, words.call("batch:" .. change.op, definition, change,
      { [definition.batch] = true })))
  end
  return ("op.batch_alter_table(%s, function(batch)\n%s\nend)"):format(words.text(o.table),
    table.concat(lines, "\n"))
end

--- An operation.
---@param o table
---@return string
function spell.operation(o)
  local definition = operation.get(o.op)
  if o.op == "create_table" then
    return noted(o, spell.table("op.create_table", definition, o))
  elseif o.op == "batch_alter_table" and o.changes then
    return batch(o)
  end
  return noted(o, words.call("op." .. o.op, definition, o))
end

--- Operations, one below the other; "" for none.
---@param operations table[]
---@return string
function spell.operations(operations)
  local texts = {}
  for i, o in ipairs(operations) do
    texts[i] = spell.operation(o)
  end
  return table.concat(texts, "\n")
end

return spell
