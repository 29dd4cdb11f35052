--- Names in SQL. A plain lower-case name that no engine reserves stands as it is, so that the SQL
-- reads well; every other one is quoted.
local core = require("luamig.core")

local ident = {}

-- What SQLite 3.40 refuses as a name, and what PostgreSQL 15 to 17 reserve.
local RESERVED = [[
  add all alter analyse analyze and any array as asc asymmetric authorization autoincrement between
  binary both case cast check collate collation column commit concurrently constraint create cross
  current_catalog current_date current_role current_schema current_time current_timestamp
  current_user default deferrable delete desc distinct do drop else end escape except exists false
  fetch for foreign freeze from full grant group having if ilike in index initially inner insert
  intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
  nothing notnull null offset on only or order outer overlaps placing primary raise references
  returning right select session_user set similar some symmetric system_user table tablesample then
  to trailing transaction true union unique update user using values variadic verbose when where
  window with
]]

local reserved = {}
for word in RESERVED:gmatch("%S+") do
  reserved[word] = true
end

--- A name as it stands in SQL. A dot is a part of the name.
---@param name string
---@return string
function ident.quote(name)
  if name:find("^[a-z_][a-z0-9_]*$") and not reserved[name] then
    return name
  end
  return core.ident(name)
end

--- "a, b": names in a list.
---@param names string[]
---@return string
function ident.list(names)
  local quoted = {}
  for i, name in ipairs(names) do
    quoted[i] = ident.quote(name)
  end
  return table.concat(quoted, ", ")
end

--- "schema.name", or the name alone.
---@param schema string?
---@param name string
---@return string
function ident.qualified(schema, name)
  if schema then
    return ident.quote(schema) .. "." .. ident.quote(name)
  end
  return ident.quote(name)
end

return ident
