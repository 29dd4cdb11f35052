--- Indexes that are made and dropped outside a transaction: what a fault leaves of them, and what
-- an earlier attempt has done already.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")

local concurrently = {}

local MOST_LOOKS = 7200 -- half a second each: an hour

-- "valid", "invalid", "building" (by another session), or nil where there is no such index.
local function state_of(o)
  local found = catalog.first([[
    SELECT CASE WHEN i.indisvalid THEN 'valid'
                WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
                              WHERE p.index_relid = i.indexrelid) THEN 'building'
                ELSE 'invalid' END AS state
      FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass(:name)]],
    { name = ident.qualified(o.schema, o.name) })
  return found and found.state
end

-- What the index is, once no other session builds it.
local function settled_state(o)
  local state = state_of(o)
  for i = 1, MOST_LOOKS do
    if state ~= "building" then
      break
    end
    if i == 1 then
      core.log("info", ("waiting: another session is building the index %s"):format(o.name))
    end
    catalog.exists("SELECT pg_catalog.pg_sleep(0.5)")
    state = state_of(o)
  end
  return state
end

local function drop(o)
  return {
    sql = "DROP INDEX CONCURRENTLY " .. ident.qualified(o.schema, o.name),
    notice = ("the index %s is invalid, what a build left that did not end: it is made again")
      :format(o.name),
  }
end

--- The statements around the one that makes an index.
---@param o table
---@param create table
---@param facts table?
---@return table[]
function concurrently.create(o, create, facts)
  if not facts or core.is_offline() then
    return { create }
  end
  local function plan()
    local state = settled_state(o)
    if state == "valid" and core.begun_before() then
      return { { notice = ("the index %s is there: an earlier attempt made it"):format(o.name) } }
    end
    return state == "invalid" and { drop(o), create } or { create }
  end
  local function check()
    if state_of(o) == "invalid" then
      core.fail(("create_index: the index '%s' is invalid after its build"):format(o.name),
        "run the same command again: it is dropped and made anew")
    end
  end
  return { { later = plan }, { check = check } }
end

--- The statements around the one that drops an index.
---@param o table
---@param statement table
---@param facts table?
---@return table[]
function concurrently.drop(o, statement, facts)
  if not facts or core.is_offline() then
    return { statement }
  end
  local function plan()
    if core.begun_before() and not state_of(o) then
      return { { notice = ("the index %s is gone: an earlier attempt dropped it"):format(o.name) } }
    end
    return { statement }
  end
  return { { later = plan } }
end

return concurrently
