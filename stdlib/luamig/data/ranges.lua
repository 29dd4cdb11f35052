--- A durable step in ranges of its key: by several processes beside each other, each with a session
-- of its own, or one range after the other. When all are done, the step is whole again, and what is
-- left of it, the last rounds through the table, is done as without them.
--
-- A range is the rows behind `from` and up to `upto`; behind the last one there is no end. It keeps
-- what the step itself would: its counts, and the last key that is done.
local core = require("luamig.core")
local no_counts = require("luamig.data.counts").none
local record = require("luamig.record")
local rejects = require("luamig.data.rejects")

local ranges = {}

local A_WORKER = 4      -- ranges: who is through with one takes the next
local LOOKS_AFTER = 500 -- ms: for what luamig ctl has asked for
local MOST_SHOWN = 8
-- What all processes count together.
local NEXT, REJECTED, ROWS = 1, 2, 3

-- `add(place, n)` adds to a number and gives it back.
local function board_of(add)
  return {
    next = function()
      return add(NEXT, 1)
    end,
    rejected = function(n)
      return add(REJECTED, n)
    end,
    done = function(n)
      return add(ROWS, n)
    end,
  }
end

-- Where one process does it all.
local function own_board(numbers)
  return board_of(function(place, n)
    numbers[place] = numbers[place] + n
    return numbers[place]
  end)
end

-- How many processes may work on it.
local function how_many(self)
  local pages, wanted = self.pages, self.pages.o.workers or 1
  local why = wanted > 1 and core.why_not_apart()
  if why then
    core.log("debug", ("%s: one connection does it, not %d (%s)"):format(pages:what(), wanted, why))
    return 1
  end
  if wanted > 1 and pages.words.is_temporary(pages.name) then
    pages:fail(("%s is a temporary table, which the workers' sessions do not see"):format(
      pages.o.table), "leave 'workers' out")
  end
  return wanted
end

-- The keys at the ends of so many parts of the rows that are read by `from`, but for the last end.
local function quantiles(pages, from, after, most)
  local list = pages.key_list
  local pieces = { ("SELECT %s FROM (SELECT %s, row_number() OVER (ORDER BY %s) AS luamig_n, "
    .. "count(*) OVER () AS luamig_all FROM (SELECT %s FROM %s"):format(list, list, list, list,
    from) }
  pages:where(pieces, after)
  pieces[#pieces + 1] = (") AS luamig_some) AS luamig_sorted WHERE luamig_n < luamig_all AND "
    .. "luamig_n * %d / luamig_all > (luamig_n - 1) * %d / luamig_all ORDER BY luamig_n"):format(
    most, most)
  local cursor, keys = core.open(pieces, nil, nil, false), {}
  local row = cursor:next()
  while row do
    keys[#keys + 1] = pages:key_of(row)
    row = cursor:next()
  end
  cursor:close()
  return keys
end

-- Where the rows behind `after` are cut into so many ranges at the most. It need not be exact: of a
-- large table a sample is read, and where few rows of it match, all of it counts.
local function cuts(pages, after, most)
  local sample = pages.words.sample(pages.name)
  local keys = quantiles(pages, pages.name .. (sample or ""), after, most)
  if sample and #keys < most - 1 then
    local all = setmetatable({ o = {} }, { __index = pages })
    keys = quantiles(all, pages.name .. sample, after, most)
  end
  return keys
end

local function new_range(from, upto)
  return record.write({ counts = no_counts(), from = from, upto = upto, done = 0 })
end

-- Gives the step its ranges, where there are rows for more than one.
local function split(self, state, workers)
  local pages = self.pages
  local keys = cuts(pages, state.last, workers * A_WORKER)
  if #keys == 0 then
    return
  end
  local records, from = {}, state.last
  for i = 1, #keys + 1 do
    records[i] = new_range(from, keys[i])
    from = keys[i]
  end
  state.ranges, state.done = #records, state.counts.read
  state.total = self.total or not pages.o.where and pages.words.count_of_rows(pages.name) or nil
  self.kept, self.total = record.write(state), state.total
  core.keep_ranges(self.kept, self.reverse, records)
end

local function shown(pages, key)
  local values = {}
  for i, value in ipairs(key) do
    values[i] = rejects.shown(value)
  end
  return #pages.key == 1 and values[1] or ("(%s)"):format(table.concat(values, ", "))
end

-- With -v: who does which ranges.
local function say(self, workers, states, left)
  local pages, ends = self.pages, {}
  for n, state in ipairs(states) do
    if state.upto and (n < MOST_SHOWN or n == #states - 1) then
      ends[#ends + 1] = (n > MOST_SHOWN and "… " or "") .. shown(pages, state.upto)
    end
  end
  core.log("debug", ("%s: %s, %s%d ranges (%s up to %s, and the rest)"):format(pages:what(),
    workers > 1 and workers .. " workers" or "one connection",
    #left < #states and ("%d left of "):format(#left) or "", #states,
    table.concat(pages.key, ", "), table.concat(ends, ", ")))
end

local function read_all(count)
  local states = {}
  for n = 1, count do
    states[n] = record.read(core.range_of_step(n))
  end
  return states
end

-- Does one range, or what is left of it.
local function work_on(self, n, come_to)
  self.range, self.kept = n, core.range_of_step(n)
  local state = record.read(self.kept)
  local before = state.done
  self.pages.range = state
  self:go(function(rows)
    local all = self.board.done(rows - before)
    before = rows
    return come_to(all)
  end)
  self.range, self.pages.range = nil, nil
end

-- One range after the other, as long as there are any that nobody has taken.
local function work(self, left, come_to)
  local n = left[self.board.next()]
  while n and not core.crew_ends() do
    work_on(self, n, come_to)
    n = left[self.board.next()]
  end
end

local function nothing() end

-- The same by processes of their own; here it is told how far they are.
local function by_workers(self, workers, left, numbers, come_to)
  local looked = core.clock()
  core.crew(self.pages:what(), workers, numbers, function()
    self.board, self.pace.quiet = board_of(core.shared), true
    self.pace:obey()
    work(self, left, nothing)
  end, function()
    come_to(core.shared(ROWS, 0))
    if core.clock() - looked > LOOKS_AFTER then
      looked = core.clock()
      self.pace:tell()
    end
  end)
end

-- All ranges are done: the step is whole again. Returns whether more follows.
local function join(self, whole)
  for _, state in ipairs(read_all(whole.ranges)) do
    for name, n in pairs(state.counts) do
      whole.counts[name] = whole.counts[name] + n
    end
    whole.once = whole.once or state.once
    whole.last = state.last or state.from
  end
  whole.ranges, whole.done, whole.total = nil, whole.counts.read, self.total
  local more = self.begins_again(whole)
  self.kept, self.board = record.write(whole), nil
  core.keep_ranges(self.kept, self.reverse, {})
  return more
end

--- For a step that is under way (parts.lua): does the ranges that it has, or that `workers` asks
-- for. Returns whether something is left to do without them.
---@param self table
---@param come_to fun(rows: integer): integer?
---@return boolean
function ranges.run(self, come_to)
  local workers, state = how_many(self), record.read(self.kept)
  if not state.ranges and workers > 1 then
    split(self, state, workers)
  end
  if not state.ranges then
    return true
  end
  local states, left = read_all(state.ranges), {}
  local done, rejected = state.counts.read, state.counts.rejected
  for n, one in ipairs(states) do
    done, rejected = done + one.done, rejected + one.counts.rejected
    left[#left + 1] = not one.ended and n or nil
  end
  workers = math.min(workers, #left)
  say(self, workers, states, left)
  local function all_done(rows)
    return come_to(done + rows)
  end
  local numbers = { 0, rejected, 0 }
  if workers > 1 then
    by_workers(self, workers, left, numbers, all_done)
  else
    self.board = own_board(numbers)
    work(self, left, all_done)
  end
  return join(self, state)
end

return ranges
