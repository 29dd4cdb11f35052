--- Reads what a migration gave to a function, by the function's declaration.
--
-- A declaration lists `fields` in order. One with `option = true` is given by name in the last
-- table (or before a function that comes last); the others by position, and those that are optional
-- by name as well. A field has `kind` (kinds.lua), `doc`, and may have `required`, `default`,
-- `aliases`, `rest` (true: takes every node that follows; "names": and every text), `only` and
-- `elsewhere` (an engine's own: "skipped" or "refused" by others).
local core = require("luamig.core")
local kinds = require("luamig.kinds")
local node = require("luamig.node")
local strict = require("luamig.strict")

local arguments = {}

-- Words that authors bring along, and what is meant here.
local foreign = {
  default = {
    "a client-side default means nothing in a migration: use 'server_default'",
    "server_default = … is the value that the database itself fills in",
  },
}

--- Prepares a declaration: sorts its fields into positions and names. Returns it.
---@param definition table
---@return table
function arguments.define(definition)
  definition.label = definition.label or definition.name
  definition.positions, definition.by_name, definition.options = {}, {}, {}
  for _, field in ipairs(definition.fields) do
    field.name = field.name or field[1]
    if not field.option then
      table.insert(definition.positions, field)
    end
    if field.option or not field.required then
      table.insert(definition.options, field.name)
      definition.by_name[field.name] = field
      for _, alias in ipairs(field.aliases or {}) do
        definition.by_name[alias] = field
      end
    end
  end
  return definition
end

local function fail(definition, message, hint)
  core.fail(("%s: %s"):format(definition.label, message), hint)
end

local function is_options(value)
  return type(value) == "table" and not node.of(value)
end

local function field_for(definition, at, value)
  local positions = definition.positions
  while positions[at] and value ~= nil and not positions[at].required
    and not kinds.accepts(positions[at].kind, value) do
    at = at + 1
  end
  return positions[at], at
end

local function refuse_kind(definition, field, value)
  local _, problem = kinds.read(field.kind, value)
  fail(definition, ("'%s' %s"):format(field.name, problem))
end

local function too_many(definition, value, skipped)
  if skipped then
    refuse_kind(definition, skipped, value)
  end
  fail(definition, ("too many arguments: it takes %s"):format(arguments.signature(definition)))
end

--- How a function is called: "drop_index(name, table?, options?)".
---@param definition table
---@return string
function arguments.signature(definition)
  local words = {}
  for _, field in ipairs(definition.positions) do
    words[#words + 1] = field.name .. (field.required and "" or "?")
  end
  if #definition.options > 0 and definition.node ~= "type" then
    words[#words + 1] = "options?"
  end
  return ("%s(%s)"):format(definition.label, table.concat(words, ", "))
end

-- The place of one argument, from position `at` on. Returns the field, or nil where none is left,
-- and its position.
local function find_place(definition, at, value)
  local field, found = field_for(definition, at, value)
  if field and value ~= nil and not kinds.accepts(field.kind, value) then
    refuse_kind(definition, field, value)
  end
  return field, found
end

local function rests(field, value)
  return field.rest and (node.of(value) or field.rest == "names" and type(value) == "string")
end

-- Gives every argument to its place. Returns the places' values and the table of options.
local function place(definition, count, given)
  local placed, at, resting = {}, 1, nil
  for i = 1, count do
    local value = given[i]
    if resting and rests(resting, value) then
      table.insert(placed[resting.name], value)
    else
      local first = definition.positions[at]
      local field
      field, at = find_place(definition, at, value)
      if field then
        resting = rests(field, value) and field
        placed[field.name] = resting and { value } or value
        at = at + 1
      elseif i == count and is_options(value) and #definition.options > 0 then
        return placed, value
      elseif value ~= nil then
        too_many(definition, value, first)
      end
    end
  end
  return placed, nil
end

local function unknown(definition, word)
  local known = foreign[word]
  if known then
    fail(definition, ("unknown option '%s': %s"):format(tostring(word), known[1]), known[2])
  end
  local plain = tostring(word):gsub("^postgresql_", ""):gsub("^sqlite_", "")
  local hint = definition.by_name[plain] and (" (did you mean '%s'?)"):format(plain)
    or strict.did_you_mean(word, definition.options)
  fail(definition, ("unknown option '%s'%s"):format(tostring(word), hint))
end

local function place_options(definition, placed, options)
  if #options > 0 then
    fail(definition, ("the last table holds options by name, and its item 1 has no name"))
  end
  for _, word in ipairs(strict.sorted_keys(options)) do
    local field = definition.by_name[word]
    if not field then
      unknown(definition, word)
    elseif placed[field.name] ~= nil then
      fail(definition, ("'%s' is given twice"):format(field.name))
    end
    placed[field.name] = options[word]
  end
end

-- A table of names alone says options, where a list might stand as well.
local function names_only(value)
  return value[1] == nil and #strict.sorted_keys(value) > 0
end

-- The arguments with the options at the end, where they stand before a function that comes last.
local function options_last(definition, count, given)
  local positions = definition.positions
  local last, before = positions[#positions], positions[count - 1]
  local is_argument = before and kinds.accepts(before.kind, given[count - 1])
    and not (is_options(given[count - 1]) and names_only(given[count - 1]))
  if last and kinds.get(last.kind).takes["function"] and type(given[count]) == "function"
    and count > 1 and is_options(given[count - 1]) and not is_argument then
    given[count - 1], given[count] = given[count], given[count - 1]
  end
  return given
end

--- What a call means: a table of the fields given, checked, with the defaults of the others.
-- An error is raised at the migration's own line.
---@param definition table
---@param count integer how many arguments
---@param given table the arguments
---@return table<string, any>
function arguments.read(definition, count, given)
  local placed, options = place(definition, count, options_last(definition, count, given))
  if options then
    place_options(definition, placed, options)
  end
  local read = {}
  for _, field in ipairs(definition.fields) do
    local value = placed[field.name]
    if value ~= nil then
      local kept, problem = kinds.read(field.kind, value)
      if problem then
        fail(definition, ("'%s' %s"):format(field.name, problem), field.cure)
      end
      read[field.name] = kept
    elseif field.required then
      fail(definition, ("'%s' is missing: it takes %s"):format(
        field.name, arguments.signature(definition)))
    else
      read[field.name] = field.default
    end
  end
  return read
end

--- The function that a word of `sql` is: it reads its arguments and gives what `make(read)` makes.
---@param definition table
---@return fun(...): any
function arguments.word(definition)
  definition.label = "sql." .. definition.name
  arguments.define(definition)
  return function(...)
    local made = definition.make(arguments.read(definition, select("#", ...), { ... }))
    return made
  end
end

local function index(t, key)
  return t[key]
end

--- Whether the first argument is the table that the function itself lives in: a colon where a dot
-- is meant. `owner` may have been given to the migration behind a read-only view.
---@param owner table
---@param name string
---@param first any
---@return boolean
function arguments.is_owner(owner, name, first)
  local kind = type(first)
  if kind ~= "table" and kind ~= "userdata" or node.of(first) then
    return false
  end
  if rawequal(first, owner) then
    return true
  end
  local ok, found = pcall(index, first, name)
  return ok and found ~= nil and rawequal(found, rawget(owner, name))
end

--- The error of op:add_column(…) where op.add_column(…) is meant.
function arguments.fail_colon(module, name)
  core.fail(("%s:%s(…) is called with a dot: %s.%s(…)"):format(module, name, module, name),
    "modules (op, sql, json) take a dot, objects (db, t, batch) a colon")
end

return arguments
