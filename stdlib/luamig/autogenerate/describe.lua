--- One line that says what an operation changes, for people.
local core = require("luamig.core")
local node = require("luamig.node")
local operation = require("luamig.operation")
local spell_words = require("luamig.autogenerate.spell_words")

local function shown(value)
  if core.is_null(value) then
    return "none"
  elseif node.of(value) == "type" then
    return (spell_words.value(value):gsub("^sql%.", ""))
  end
  return spell_words.value(value)
end

-- What it shall be, and beside it what it is.
local function change(word, value, was)
  local text = word .. " " .. shown(value)
  return was and ("%s instead of %s"):format(text, was) or text
end

local function altered(o)
  local parts, was = {}, o.was or {}
  if o.type then
    parts[#parts + 1] = change("type", o.type, was.type)
  end
  if o.nullable ~= nil then
    parts[#parts + 1] = o.nullable and "nullable" or "not null"
  end
  if o.server_default ~= nil then
    parts[#parts + 1] = change("default", o.server_default, was.default)
  end
  if o.comment ~= nil then
    parts[#parts + 1] = change("comment", o.comment, was.comment)
  end
  return table.concat(parts, ", ")
end

local describe = {}

---@param o table
---@return string
function describe.operation(o)
  local line = operation.describe(o)
  if o.op == "alter_column" then
    line = line .. ": " .. altered(o)
  elseif o.op == "execute" then
    line = o.statement[core.dialect()]
  end
  return o.note and ("%s (%s)"):format(line, o.note) or line
end

return describe
