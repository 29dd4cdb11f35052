--- A durable step that is done in parts: each batch is committed by itself, with where it ended and
-- what it did, and after a fault the next attempt goes on behind the last one.
local core = require("luamig.core")
local record = require("luamig.record")

local parts = {}

local FIRST_SIZE = 1000
local MOST_SIZE = 50000
local TARGET_MS = 500

-- Twice as many rows at the most from one batch to the next, or half.
local function next_size(size, took, target)
  local wanted = size * target / math.max(took, 1)
  wanted = math.max(size / 2, math.min(size * 2, wanted))
  return math.max(1, math.min(MOST_SIZE, math.floor(wanted)))
end

--- What a backfill counts.
---@return table<string, integer>
function parts.no_counts()
  return { read = 0, changed = 0, deleted = 0, inserted = 0, rejected = 0 }
end

local function rows_of(state)
  return state.rows or state.counts.read
end

--- Runs `batch(state, size)` as long as more may follow. It gives back the key of its last row, and
-- whether more may follow. `state` is kept from attempt to attempt.
---@param o table
---@param fresh table what `state` is at first
---@param batch fun(state: table, size: integer): any[]?, boolean
---@param progress? fun(rows: integer): fun(rows: integer?) tells how far it has come, from these on
---@return table state
function parts.run(o, fresh, batch, progress)
  local kept = core.part_of_step()
  local state = kept and record.read(kept) or fresh
  local come_to = progress and progress(rows_of(state))
  local size, target = o.batch or FIRST_SIZE, o.target_time or TARGET_MS
  while true do
    local began = core.clock()
    local last, more = batch(state, size)
    state.last = last or state.last
    if not more then
      if come_to then
        come_to(nil)
      end
      return state
    end
    core.keep_part(record.write(state))
    if come_to then
      come_to(rows_of(state))
    end
    if not o.batch or o.target_time then
      size = next_size(size, core.clock() - began, target)
    end
    if o.pause then
      core.sleep(o.pause)
    end
  end
end

return parts
