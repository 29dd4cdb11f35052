--- What db:map and db:groups make of a result. `said` is how the database is called in messages.

local core = require("luamig.core")

local MOST_REMEMBERED = 100000

local lookup = {}

-- What makes the key, and the options that every query has.
function lookup.map_options(opts)
  local key = opts and opts.key
  if key ~= nil and type(key) ~= "function" then
    core.fail("db:map: 'key' is a " .. core.type(key) .. ", not a function", "{ key = text.lower }")
  end
  if not key then return nil, opts end
  local rest = {}
  for name, value in pairs(opts) do
    if name ~= "key" then rest[name] = value end
  end
  return key, rest
end

---@param cursor table
---@param said string
---@param key_of function?
---@return table
function lookup.map(cursor, said, key_of)
  local columns = cursor:columns()
  if #columns < 2 then core.fail(said .. ":map takes two columns, a key and a value") end
  local map, seen = {}, {}
  for row in cursor.next, cursor do
    local key = row[1]
    if key == nil then
      core.fail(("%s:map has a NULL key in '%s'"):format(said, columns[1]))
    end
    if key_of then key = key_of(key) end
    if key == nil then core.fail("db:map: 'key' gives nil for '" .. columns[1] .. "'") end
    if seen[key] then
      core.fail(("%s:map has the key %s twice in '%s'"):format(said, tostring(key), columns[1]))
    end
    seen[key] = true
    if #columns == 2 then map[key] = row[2] else map[key] = row end
  end
  return map
end

-- Tells whether a key is met for the first time, of the last MOST_REMEMBERED at least: groups may
-- be many, and memory does not grow with them.
local function recently_new()
  local young, old, count = {}, {}, 0
  return function(key)
    if young[key] or old[key] then
      return false
    end
    young[key], count = true, count + 1
    if count == MOST_REMEMBERED then
      young, old, count = {}, young, 0
    end
    return true
  end
end

---@param cursor table
---@param said string
---@param column any the key
---@return fun(): any, luamig.row[]
function lookup.groups(cursor, said, column)
  if type(column) ~= "string" then
    cursor:close()
    core.fail("db:groups takes the name of the column", "db:groups(query, \"user_id\")")
  end
  local is_new, ahead = recently_new(), cursor:next()
  return function()
    if not ahead then return nil end
    local key, rows = ahead[column], {}
    if key == nil then core.fail(("%s:groups has a NULL in '%s'"):format(said, column)) end
    if not is_new(key) then
      core.fail(("%s:groups met %s = %s again"):format(said, column, tostring(key)),
        "add ORDER BY " .. column)
    end
    while ahead and ahead[column] == key do
      rows[#rows + 1] = ahead
      ahead = cursor:next()
    end
    return key, rows
  end
end

return lookup
