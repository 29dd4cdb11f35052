--- How many rows the next batch has, and how long the run rests before it.
local core = require("luamig.core")
local kinds = require("luamig.kinds")

local FIRST_SIZE = 1000
local MOST_SIZE = 50000
local TARGET_MS = 500
local FIRST_WAIT_MS = 50
local MOST_WAIT_MS = 5000
local MOST_REST_MS = 3600000
local ASKED_AGAIN_MS = 500
local PAUSED_MS = 300
local LAG_REST_MS = 1000
local MOST_LAG_RESTS = 30
-- Whoever waits for SQLite's one lock looks every 20 ms: without a gap it would wait for the end.
local MOST_TURN_MS = 25

local pace = {}

local paced = {}
paced.__index = paced

-- Of nothing that is known, so many rows may well take longer than a short time.
local function first_size(o)
  local share = math.min(1, (o.target_time or TARGET_MS) / TARGET_MS)
  return o.batch or math.max(1, math.floor(FIRST_SIZE * share))
end

-- Somebody who says how many rows a batch has means it.
local function most_size(o)
  return o.batch and not o.target_time and o.batch or MOST_SIZE
end

--- For the options of the operation on a table: batch, target_time, pause, throttle.
---@param pages table
---@return table
function pace.of(pages)
  local o = pages.o
  return setmetatable({
    pages = pages,
    o = o,
    size = first_size(o),
    most = most_size(o),
    target = o.target_time or TARGET_MS,
  }, paced)
end

--- After a batch that took so long: twice as many rows at the most, or half.
---@param took number milliseconds
function paced:went_well(took)
  local wanted = self.size * self.target / math.max(took, 1)
  if self.set or self.o.batch and not self.o.target_time then
    wanted = self.most
  end
  wanted = math.max(self.size / 2, math.min(self.size * 2, wanted))
  self.size = math.max(1, math.min(self.most, math.floor(wanted)))
end

--- After a batch that was undone.
function paced:halve()
  self.size = math.max(1, math.floor(self.size / 2))
end

--- Rests before the n-th attempt at the same rows: twice as long each time, and never the same, so
-- that two who stood in each other's way do not meet again.
---@param n integer
function pace.back_off(n)
  local wait = math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ^ (n - 1))
  core.sleep(math.floor(wait * (0.5 + core.random(1):byte() / 255)))
end

-- A number of milliseconds, or the text of a duration.
local function rest_for(pages, answer)
  if type(answer) == "number" and answer >= 0 then
    core.sleep(math.min(math.floor(answer), MOST_REST_MS))
    return
  end
  local rest = type(answer) == "string" and kinds.read("duration", answer) or nil
  if not rest then
    pages:fail(("'throttle' gives back %s"):format(type(answer) == "string"
      and ('"%s"'):format(answer) or "a " .. core.type(answer)),
      'a rest ("500ms", or milliseconds), true to be asked again, nil to go on')
  end
  core.sleep(rest)
end

-- What it reads holds nothing while the run rests, and what it writes is not kept.
local function ask(throttle)
  local answer = throttle()
  core.undo_part()
  return answer
end

function paced:ask_throttle()
  while self.o.throttle and not core.crew_ends() do
    local answer = ask(self.o.throttle)
    if answer == true then
      core.sleep(ASKED_AGAIN_MS)
    else
      if answer then
        rest_for(self.pages, answer)
      end
      return
    end
  end
end

-- Of several processes one says it: `quiet` are the others.
function paced:say_paused(paused)
  if paused and not self.said and not self.quiet then
    core.log("warning", self.pages:what() .. " rests between two batches: luamig ctl resume")
  end
  self.said = paused
end

function paced:set_batch(batch)
  if batch == self.set then
    return
  end
  self.set = batch
  self.size, self.most = batch or first_size(self.o), batch or most_size(self.o)
  if not self.quiet then
    core.log("info", self.pages:what() .. (batch and (": %d rows a batch"):format(batch)
      or ": as many rows a batch as the revision says"))
  end
end

-- What luamig ctl has asked for.
function paced:obey()
  local paused, batch = core.control()
  while paused and not core.crew_ends() do
    self:say_paused(true)
    core.sleep(PAUSED_MS)
    paused, batch = core.control()
  end
  self:say_paused(false)
  self:set_batch(batch)
end

--- Says what luamig ctl has asked for, where others do it.
function paced:tell()
  local paused, batch = core.control()
  self:say_paused(paused)
  self:set_batch(batch)
end

-- A replica that cannot keep up is waited for, but not for ever: it may be gone.
function paced:wait_for_replicas()
  local lags = self.pages.words.lags
  for _ = 1, lags and MOST_LAG_RESTS or 0 do
    if not lags() then
      return
    end
    core.sleep(LAG_REST_MS)
  end
end

--- Between two batches, of which the last took so many milliseconds.
---@param took number
function paced:rest(took)
  if self.o.pause then
    core.sleep(self.o.pause)
  elseif self.pages.words.one_writer then
    core.sleep(math.floor(math.min(MOST_TURN_MS, took / 40)))
  end
  self:wait_for_replicas()
  self:ask_throttle()
  self:obey()
end

return pace
