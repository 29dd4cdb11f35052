--- Kinds: what the value of a field may be. Operations and the words of `sql` declare their fields
-- in these, so that a wrong value is found at the migration's own line, before any SQL.
--
-- A kind has `takes` (the types of Lua it may come in), `what` (for messages), `lua` (for editors)
-- and `read(value)`, which returns the value to keep, or nil and the problem.
local core = require("luamig.core")
local node = require("luamig.node")
local strict = require("luamig.strict")

local kinds = {}
local known = {}

local function got(value)
  local name = node.of(value)
  if name then
    return "sql." .. name
  end
  name = core.type(value)
  if name == "nil" or name == "null" then
    return name
  end
  return (name:find("^[aeiou]") and "an " or "a ") .. name
end

local function keep(value)
  return value
end

--- Declares a kind.
---@param name string
---@param definition { takes: string, what: string, lua: string, read: function? }
function kinds.add(name, definition)
  local takes = {}
  for word in definition.takes:gmatch("%S+") do
    takes[word] = true
  end
  known[name] = {
    takes = takes,
    what = definition.what,
    lua = definition.lua,
    read = definition.read or keep,
  }
end

--- The names of the kinds, sorted.
---@return string[]
function kinds.names()
  return strict.sorted_keys(known)
end

--- The kind of this name, or nil.
function kinds.get(name)
  return known[name]
end

--- Whether a value comes in a type of Lua that this kind is written in.
---@param name string
---@param value any
---@return boolean
function kinds.accepts(name, value)
  local kind = known[name]
  if node.of(value) then
    return kind.takes.node or false
  end
  return kind.takes.any or kind.takes[core.type(value)] or false
end

--- The value to keep, or nil and the problem ("must be a string, got a table").
---@param name string
---@param value any
---@return any value
---@return string? problem
function kinds.read(name, value)
  local kind = known[name]
  if not kinds.accepts(name, value) then
    return nil, ("must be %s, got %s"):format(kind.what, got(value))
  end
  return kind.read(value)
end

--- What is wrong with a table as a list, or nil. `extra`: a list may not have other keys.
---@param list table
---@return string? problem
function kinds.list_problem(list)
  local count, highest = 0, 0
  for key in pairs(list) do
    if type(key) == "number" and key >= 1 and key % 1 == 0 then
      count, highest = count + 1, math.max(highest, key)
    end
  end
  local named = strict.sorted_keys(list)[1]
  if named then
    return ("must be a list, and has the key '%s'"):format(named)
  end
  if count < highest then
    local hole = 1
    while list[hole] ~= nil do
      hole = hole + 1
    end
    return ("has a hole: item %d is nil"):format(hole)
  end
  return nil
end

--- Reads a list, item by item. One value that is no list stands for a list of itself.
---@param value any
---@param item_kind string
---@return table? list
---@return string? problem
function kinds.read_list(value, item_kind)
  if type(value) ~= "table" or node.of(value) then
    value = { value }
  end
  local problem = kinds.list_problem(value)
  if problem then
    return nil, problem
  end
  local list = {}
  for i, item in ipairs(value) do
    local kept, wrong = kinds.read(item_kind, item)
    if wrong then
      return nil, ("item %d %s"):format(i, wrong)
    end
    list[i] = kept
  end
  if #list == 0 then
    return nil, "must not be empty"
  end
  return list
end

local function read_name(value)
  if value == "" then
    return nil, "must not be empty"
  end
  if value:find("%z") then
    return nil, "must not hold a NUL byte"
  end
  return value
end

local function list_of(item_kind)
  return function(value)
    return kinds.read_list(value, item_kind)
  end
end

--- The `read` of a kind that is one of a few words, in upper or lower case.
---@param choices string[] in upper case
function kinds.one_of(choices)
  return function(value)
    local upper = value:upper():gsub("%s+", " ")
    for _, choice in ipairs(choices) do
      if choice == upper then
        return choice
      end
    end
    local hint = strict.did_you_mean(upper, choices)
    return nil, ("must be one of %s, got '%s'%s"):format(table.concat(choices, ", "), value, hint)
  end
end

kinds.add("name", { takes = "string", what = "a string", lua = "string", read = read_name })
kinds.add("text", { takes = "string", what = "a string", lua = "string", read = read_name })
kinds.add("boolean", { takes = "boolean", what = "true or false", lua = "boolean" })
kinds.add("integer", {
  takes = "number",
  what = "a whole number",
  lua = "integer",
  read = function(value)
    if value % 1 ~= 0 or math.abs(value) >= 2 ^ 53 then
      return nil, ("must be a whole number, got %s"):format(tostring(value))
    end
    return value
  end,
})
kinds.add("int64", {
  takes = "number exact",
  what = "a whole number",
  lua = "integer|luamig.exact",
  read = function(value)
    local is_whole
    if type(value) == "number" then
      is_whole = value % 1 == 0 and math.abs(value) < 2 ^ 53
    else
      is_whole = tostring(value):find("^%-?%d+$")
    end
    if not is_whole then
      return nil, ("must be a whole number, got %s"):format(tostring(value))
    end
    return value
  end,
})
kinds.add("size", {
  takes = "number",
  what = "a whole number above 0",
  lua = "integer",
  read = function(value)
    if value % 1 ~= 0 or value < 1 or value >= 2 ^ 31 then
      return nil, ("must be a whole number above 0, got %s"):format(tostring(value))
    end
    return value
  end,
})
kinds.add("scale", {
  takes = "number",
  what = "a whole number",
  lua = "integer",
  read = function(value)
    if value % 1 ~= 0 or value < 0 or value > 1000 then
      return nil, ("must be a whole number from 0, got %s"):format(tostring(value))
    end
    return value
  end,
})
kinds.add("names", {
  takes = "string table",
  what = "a list of names",
  lua = "string|string[]",
  read = list_of("name"),
})
kinds.add("words", {
  takes = "string table",
  what = "a list of texts",
  lua = "string|string[]",
  read = list_of("text"),
})
kinds.add("label", {
  takes = "string",
  what = "a string",
  lua = "string",
  read = function(value)
    if value:find("%z") then
      return nil, "must not hold a NUL byte"
    end
    return value
  end,
})
kinds.add("labels", {
  takes = "string table",
  what = "a list of texts",
  lua = "string|string[]",
  read = list_of("label"),
})
kinds.add("action", {
  takes = "string",
  what = "a string",
  lua = '"CASCADE"|"SET NULL"|"SET DEFAULT"|"RESTRICT"|"NO ACTION"',
  read = kinds.one_of({ "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION" }),
})
kinds.add("initially", {
  takes = "string",
  what = "a string",
  lua = '"DEFERRED"|"IMMEDIATE"',
  read = kinds.one_of({ "DEFERRED", "IMMEDIATE" }),
})
kinds.add("resolution", {
  takes = "string",
  what = "a string",
  lua = '"ROLLBACK"|"ABORT"|"FAIL"|"IGNORE"|"REPLACE"',
  read = kinds.one_of({ "ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE" }),
})
kinds.add("match", {
  takes = "string",
  what = "a string",
  lua = '"FULL"|"SIMPLE"',
  read = kinds.one_of({ "FULL", "SIMPLE" }),
})
kinds.add("function", { takes = "function", what = "a function", lua = "function" })
kinds.add("any", { takes = "any node", what = "a value", lua = "any" })
kinds.add("params", {
  takes = "table userdata",
  what = "a table of parameters",
  lua = "table",
})
kinds.add("comment", {
  takes = "string null",
  what = "a string or null",
  lua = "string",
})
kinds.add("settings", {
  takes = "table",
  what = "a table of names and values",
  lua = "table<string, string|number|boolean>",
  read = function(value)
    if #value > 0 or next(value) == nil then
      return nil, "must be a table of names and values"
    end
    for _, key in ipairs(strict.sorted_keys(value)) do
      local kind = type(value[key])
      if kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
        return nil, ("'%s' must be a string, a number or a boolean, got %s"):format(
          key, got(value[key]))
      end
    end
    return value
  end,
})

return kinds
