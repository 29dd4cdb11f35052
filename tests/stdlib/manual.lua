--- docs/operations.md, made from the registry. manual_spec.lua compares, and writes it with
-- LUAMIG_WRITE_MANUAL=1 luajit tests/stdlib/run.lua stdlib manual
local arguments = require("luamig.arguments")
local kinds = require("luamig.kinds")
local operation = require("luamig.operation")
local strict = require("luamig.strict")

local manual = {}

local TITLES = { sqlite = "SQLite", postgresql = "PostgreSQL" }
local OTHER = { sqlite = "PostgreSQL", postgresql = "SQLite" }

local HEAD = [[
# Operations

Made from the declarations that check every call: an edit here is lost. How a migration is written
stands in [writing.md](writing.md).

Arguments stand in their order, options in one last table by name; `?` marks what may be left out.
An option that is not known, or a value of the wrong kind, is an error at the migration's line,
before anything is sent.
]]

local function engine(field)
  if not field.only then
    return ""
  end
  local elsewhere = field.elsewhere == "refused" and "an error on %s" or "%s ignores it"
  return (" (%s; %s)"):format(TITLES[field.only], elsewhere:format(OTHER[field.only]))
end

local function cell(text)
  return (text:gsub("|", "\\|"):gsub("\n", " "))
end

local function write_fields(out, definition)
  if #definition.fields == 0 then
    return
  end
  out[#out + 1] = "| | | |\n| --- | --- | --- |"
  for _, field in ipairs(definition.fields) do
    local name = field.name .. (field.required and "" or "?")
    out[#out + 1] = ("| `%s` | `%s` | %s%s |"):format(
      name, cell(kinds.get(field.kind).lua), cell(field.doc), engine(field))
  end
  out[#out + 1] = ""
end

local function write_batch(out)
  out[#out + 1] = "In a batch there are:\n"
  for _, method in ipairs(operation.batch_methods()) do
    out[#out + 1] = ("* `%s`"):format(arguments.signature(method))
  end
  out[#out + 1] = ""
end

local function write_operation(out, definition)
  out[#out + 1] = ("### %s\n"):format(definition.name)
  local only = definition.only and (" On %s it is an error."):format(OTHER[definition.only]) or ""
  out[#out + 1] = ("`op.%s`%s\n"):format(arguments.signature(definition),
    definition.returns and " → " .. definition.returns:gsub("^luamig%.", "") or "")
  out[#out + 1] = definition.doc .. only .. "\n"
  out[#out + 1] = ("```lua\n%s\n```\n"):format(definition.example)
  write_fields(out, definition)
  if definition.name == "batch_alter_table" then
    write_batch(out)
  end
end

-- The kinds of what operations take.
local function kinds_of_fields()
  local used = {}
  for _, definition in ipairs(operation.list()) do
    for _, field in ipairs(definition.fields) do
      used[field.kind] = true
    end
  end
  return strict.sorted_keys(used)
end

local function write_kinds(out)
  out[#out + 1] = [[
## Kinds of fields

For the fields of [an operation of your own](writing.md#operations-of-your-own).

| kind | a value is |
| --- | --- |]]
  for _, name in ipairs(kinds_of_fields()) do
    out[#out + 1] = ("| `%s` | %s |"):format(name, cell(kinds.get(name).what))
  end
end

--- The text of docs/operations.md.
---@return string
function manual.text()
  local out, room = { HEAD }, nil
  for _, definition in ipairs(operation.list()) do
    if definition.room ~= room then
      room = definition.room
      out[#out + 1] = ("## %s\n"):format(room:gsub("^%l", string.upper):gsub("_", " "))
    end
    write_operation(out, definition)
  end
  write_kinds(out)
  return table.concat(out, "\n") .. "\n"
end

return manual
