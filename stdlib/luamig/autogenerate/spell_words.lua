--- Values and the words of `sql` as the Lua that a person would write them.
local core = require("luamig.core")
local items = require("luamig.sql.items")
local node = require("luamig.node")
local strict = require("luamig.strict")
local types = require("luamig.sql.types")

local words = {}

local WIDTH = 96

local ESCAPES = { ["\\"] = "\\\\", ['"'] = '\\"', ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }

-- A text of several lines stands between long brackets, where it keeps its look.
local function long_text(text)
  local level = ""
  while text:find("]" .. level .. "]", 1, true) or text:find("]" .. level, -#level - 1, true) do
    level = level .. "="
  end
  return ("[%s[\n%s]%s]"):format(level, text, level)
end

--- A text as a Lua literal of one line.
---@param text string
---@return string
function words.text(text)
  return '"' .. text:gsub('[\\"%c]', function(c)
    return ESCAPES[c] or ("\\%03d"):format(c:byte())
  end) .. '"'
end

local KEYWORDS = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat
  return then true until while]]):gmatch("%a+") do
  KEYWORDS[word] = true
end

local function is_word(key)
  return key:find("^[%a_][%w_]*$") and not KEYWORDS[key]
end

local function key_text(key)
  return is_word(key) and key or ("[%s]"):format(words.text(key))
end

local value
local by_kind = {}

local function list(values, kind)
  local parts = {}
  for i, one in ipairs(values) do
    parts[i] = value(one, kind)
  end
  return #parts == 0 and "{}" or ("{ %s }"):format(table.concat(parts, ", "))
end

local function map(values)
  local parts = {}
  for _, key in ipairs(strict.sorted_keys(values)) do
    parts[#parts + 1] = ("%s = %s"):format(key_text(key), value(values[key]))
  end
  return #parts == 0 and "{}" or ("{ %s }"):format(table.concat(parts, ", "))
end

local function looks_like_a_call(text)
  return text:find("^[%a_][%w_%.]*%(.*%)$") or text:upper():find("^CURRENT_%u+$")
end

local function reference(one)
  if (one.table .. one.column .. (one.schema or "")):find(".", 1, true) then
    local names = { column = one.column, schema = one.schema, table = one.table }
    return map(names)
  end
  local name = one.table .. "." .. one.column
  return words.text(one.schema and one.schema .. "." .. name or name)
end

local function type_arguments(t)
  local parts = {}
  for _, field in ipairs(types.by_name[t.name].fields) do
    local given = t[field.name]
    if given == nil then
      break
    end
    local text = value(given, field.kind)
    parts[#parts + 1] = field.option and ("{ %s = %s }"):format(field.name, text) or text
  end
  return table.concat(parts, ", ")
end

local function type_text(t)
  if t.name == "plain" then
    return words.text(t.text)
  end
  local given = type_arguments(t)
  return ("sql.%s%s"):format(t.name, given ~= "" and ("(%s)"):format(given) or "")
end

local by_node = {}

function by_node.raw(one, kind)
  if kind == "expression" then
    return words.text(one.text)
  end
  return ("sql.raw(%s)"):format(words.text(one.text))
end

function by_node.now()
  return "sql.now()"
end

function by_node.literal(one)
  local given = one.value
  if type(given) == "string" and looks_like_a_call(given) then
    return ("sql.literal(%s)"):format(words.text(given))
  end
  return value(given)
end

function by_node.type(one)
  return type_text(one)
end

by_kind.reference = reference

function by_kind.references(given)
  local parts = {}
  for i, one in ipairs(given) do
    parts[i] = reference(one)
  end
  return ("{ %s }"):format(table.concat(parts, ", "))
end

-- SQL of several lines keeps them.
function by_kind.statement(given)
  if type(given) == "string" then
    local is_long = given:find("\n", 1, true) and not given:find("[^%C\n\t]")
    return is_long and long_text(given) or words.text(given)
  end
  local parts = {}
  for _, key in ipairs(strict.sorted_keys(given)) do
    parts[#parts + 1] = ("%s = %s"):format(key_text(key), by_kind.statement(given[key]))
  end
  return ("{ %s }"):format(table.concat(parts, ", "))
end

function by_kind.identity(given)
  if given.always and not given.start and not given.increment then
    return '"always"'
  end
  return next(given) and map(given) or "true"
end

-- Every digit of it. tostring rounds to fourteen.
local function number(given)
  if core.type(given) == "exact" then
    return ("exact(%s)"):format(words.text(tostring(given)))
  elseif type(given) ~= "number" then
    return tostring(given)
  end
  return given % 1 == 0 and math.abs(given) < 2 ^ 53 and ("%d"):format(given)
    or tonumber(tostring(given)) == given and tostring(given) or ("%.17g"):format(given)
end

-- What a value looks like where a field of this kind stands.
function value(given, kind)
  local name = node.of(given)
  if by_kind[kind] and not name then
    return by_kind[kind](given)
  elseif by_node[name] then
    return by_node[name](given, kind)
  elseif name then
    return words.item("sql.", given)
  elseif core.is_null(given) then
    return "null"
  elseif type(given) == "string" then
    return words.text(given)
  elseif type(given) == "table" then
    return (given[1] ~= nil or next(given) == nil) and list(given) or map(given)
  end
  return number(given)
end

--- A value as it stands in Lua; `kind`: that of the field that it stands for.
---@param given any
---@param kind string?
---@return string
function words.value(given, kind)
  local text = value(given, kind)
  return text
end

--- The arguments and the options of a call, by its declaration. What is left out is not written.
---@return string[] arguments
---@return string[] options
function words.parts_of(definition, given, left_out)
  local arguments, options = {}, {}
  local by_place = true
  for _, field in ipairs(definition.positions) do
    local one = given[field.name]
    if one ~= nil and not left_out[field.name] then
      if by_place then
        arguments[#arguments + 1] = value(one, field.kind)
      else
        options[#options + 1] = ("%s = %s"):format(field.name, value(one, field.kind))
      end
    elseif not left_out[field.name] then
      by_place = false
    end
  end
  for _, field in ipairs(definition.fields) do
    local one = given[field.name]
    if field.option and one ~= nil and not left_out[field.name] and one ~= field.default then
      options[#options + 1] = ("%s = %s"):format(key_text(field.name), value(one, field.kind))
    end
  end
  return arguments, options
end

-- What stands between long brackets is as wide as it was written.
local function is_short(text)
  local first, last = text:match("^[^\n]*"), text:match("[^\n]*$")
  return #first <= WIDTH and #last <= WIDTH
end

-- One line where it fits, else the options below one another, else the arguments too.
local function call_text(name, arguments, options)
  local all = {}
  for i, one in ipairs(arguments) do
    all[i] = one
  end
  if #options > 0 then
    all[#all + 1] = ("{ %s }"):format(table.concat(options, ", "))
  end
  local text = ("%s(%s)"):format(name, table.concat(all, ", "))
  if is_short(text) or #arguments + #options <= 1 then
    return text
  elseif #options > 0 then
    return ("%s(%s, {\n  %s,\n})"):format(name, table.concat(arguments, ", "),
      table.concat(options, ",\n  "))
  end
  return ("%s(\n  %s)"):format(name, table.concat(arguments, ",\n  "))
end

--- A call, by its declaration.
---@param name string "op.add_column"
---@param definition table
---@param given table<string, any>
---@param left_out table<string, boolean>?
---@return string
function words.call(name, definition, given, left_out)
  return call_text(name, words.parts_of(definition, given, left_out or {}))
end

local TYPE_OF_COLUMN = { type = true, name = true }

-- "t:string("email", 255, { … })"; a text for a type is t:column(…).
local function column_call(prefix, c)
  local definition = items.by_name.column
  if prefix == "sql." or c.type.name == "plain" then
    return words.call(prefix .. "column", definition, c, { renamed_from = prefix == "sql." })
  end
  local _, options = words.parts_of(definition, c, TYPE_OF_COLUMN)
  local arguments = { words.text(c.name) }
  local given = type_arguments(c.type)
  if given ~= "" then
    arguments[2] = given
  end
  return call_text(prefix .. c.type.name, arguments, options)
end

--- A column, a constraint or an index: "sql." or "t:" with its word.
---@param prefix string
---@param item table
---@return string
function words.item(prefix, item)
  local name = node.of(item)
  if name == "column" then
    return column_call(prefix, item)
  end
  return words.call(prefix .. name, items.by_name[name], item)
end

return words
