--- How far an operation on many rows has come, for people and for --json.
local core = require("luamig.core")

local progress = {}

-- What takes no longer than this is not worth asking how many rows there are.
local ASKS_AFTER = 2000 -- ms

--- A function to be called with the number of rows that are done, again and again, and with nil at
-- the end. It gives back how many there are, where that is known.
---@param what string "backfill users"
---@param start integer how many earlier attempts have done
---@param total integer|(fun(): integer?)|nil how many there are, or what asks for it
---@param at_once boolean? whether asking is no work
---@return fun(rows: integer?): integer?
function progress.of(what, start, total, at_once)
  local began = core.clock()
  return function(rows)
    if not rows then
      core.worked("", 0, nil, 0, 0)
      return
    end
    local took = core.clock() - began
    if type(total) == "function" and (at_once or took > ASKS_AFTER) then
      total = total() or false
    end
    local known = type(total) == "number" and total >= rows
    core.worked(what, rows, known and total or nil, rows - start, took / 1000)
    return known and total or nil
  end
end

return progress
