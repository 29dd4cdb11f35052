--- A row that cannot be done: its name in an error, and its place in luamig_rejects.
local core = require("luamig.core")

local LONGEST_KEY = 60   -- of one column in a message, in bytes
local LONGEST_VALUE = 40

local rejects = {}

-- What another attempt may not meet: others stood in the way.
local PASSES = { serialization = true, deadlock = true, locked = true, timeout = true }

--- Whether the same rows may well go through later.
---@param problem table
---@return boolean
function rejects.passes(problem)
  return PASSES[problem.kind] or false
end

--- Whether an error may be about one of the rows.
---@param problem table
---@return boolean
function rejects.is_about_rows(problem)
  if problem.code == "migration" then
    return true
  end
  return problem.code == "sql" and (problem.about_row or problem.kind == "")
end

--- A value of a key, as a message shows it.
---@param value any
---@return string
function rejects.shown(value)
  return core.shown(value, LONGEST_KEY)
end

local function said(names, values, from, most)
  local parts = {}
  for i, name in ipairs(names) do
    parts[i] = ("%s = %s"):format(name, core.shown(values[from + i], most))
  end
  return table.concat(parts, ", ")
end

--- "(users, id = 7)"
---@param pages table
---@param key any[]
---@return string
function rejects.name(pages, key)
  return ("(%s, %s)"):format(pages.o.table, said(pages.key, key, 0, LONGEST_KEY))
end

--- The same error, with the row named and what the function gave for it.
---@param pages table
---@param problem table
---@param key any[]
---@param given any[]? the key, then the values of `write`
---@param hint string? instead of its own
---@return table
function rejects.named(pages, problem, key, given, hint)
  local name = rejects.name(pages, key)
  if problem.message:sub(-#name) == name then
    name = ""
  end
  if given and name ~= "" then
    name = ("%s; given %s)"):format(name:sub(1, -2),
      said(pages.o.write, given, #pages.key, LONGEST_VALUE))
  end
  local fields = { message = problem.message .. (name == "" and "" or " " .. name) }
  for _, field in ipairs({ "kind", "sql", "sqlstate", "table", "column", "constraint", "hint",
    "file", "line" }) do
    fields[field] = problem[field]
  end
  fields.hint = hint or fields.hint
  if fields.sql and fields.sql:find("luamig_", 1, true) then
    fields.sql = nil -- it is luamig's own, and says nothing to anybody else
  end
  return core.error(fields)
end

-- JSON has no bytes, no arrays of a database and no NaN: as they are written in SQL.
local function as_json(names, values, from)
  local json = require("luamig.json")
  local object = json.object({})
  for i, name in ipairs(names) do
    local value = values[from + i]
    if value == nil then
      value = core.null
    end
    local kind = core.type(value)
    local is_odd = kind == "blob" or kind == "array"
      or kind == "number" and (value ~= value or value == math.huge or value == -math.huge)
    object[name] = is_odd and core.quote(value) or value
  end
  return json.encode(object)
end

--- Puts a row into luamig_rejects, in the transaction of its batch.
---@param pages table
---@param key any[]
---@param why string
---@param given any[]? the key, then the values of `write`
function rejects.put(pages, key, why, given)
  local name = " " .. rejects.name(pages, key)
  if why:sub(-#name) == name then
    why = why:sub(1, -#name - 1)
  end
  core.reject(pages.o.table, as_json(pages.key, key, 0),
    given and as_json(pages.o.write, given, #pages.key) or "", why)
end

return rejects
