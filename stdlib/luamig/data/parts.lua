--- A durable step that is done in parts: each batch is committed by itself, with where it ended and
-- what it did, and after a fault the next attempt goes on behind the last one.
--
-- A batch that fails is undone, and the same rows are gone through in smaller ones, until one row
-- is left: that one the error is about.
local core = require("luamig.core")
local pace = require("luamig.data.pace")
local ranges = require("luamig.data.ranges")
local record = require("luamig.record")
local rejects = require("luamig.data.rejects")

local parts = {}

local MOST_FAILURES = 10 -- in a row, of those that pass with time
local MOST_ROUNDS = 10   -- through the table
local WORTH_A_LOOK_MS = 100

local function rows_of(state)
  return state.rows or state.counts.read
end

local run = {}
run.__index = run

-- How many rows are left out with one more. In ranges it is those of all of them that count, and
-- where this batch is undone, it has left out none.
function run:rejected(state)
  if not self.board then
    return state.counts.rejected + 1
  end
  self.unkept = self.unkept + 1
  return self.board.rejected(1)
end

-- How many more may be left out.
function run:rejects_left(state)
  local rejected = self.board and self.board.rejected(0) or state.counts and state.counts.rejected
  return math.max(0, (self.pages.o.max_rejects or 0) - (rejected or 0))
end

function run:forget_rejected()
  if self.board then
    self.board.rejected(-self.unkept)
  end
  self.unkept = 0
end

-- What else is to be done where the row cannot be left out.
local function way_out(state, problem, most)
  if most > 0 then
    return ("max_rejects = %d is reached: luamig rejects list shows them; a larger one goes on")
      :format(most)
  elseif rows_of(state) == 0 or (problem.hint or ""):find("max_rejects", 1, true) then
    return nil
  end
  local own = (problem.hint or "") ~= "" and problem.hint .. "; " or ""
  return own .. "mend the row and run the same command again; the function stays as it is while "
    .. "rows of it are done: max_rejects = 100 leaves out those it fails for, and luamig rejects "
    .. "retry gives them to a mended one"
end

-- Leaves a row out, or raises `problem`, its own, where that may not be.
function run:leave_out(state, key, problem, given)
  local o, most = self.pages.o, self.pages.o.max_rejects or 0
  if not state.counts or self:rejected(state) > most then
    self.over = true
    if problem.is_rejected then
      problem.message = "the function rejects the row: " .. problem.message
    end
    error(rejects.named(self.pages, problem, key, given, way_out(state, problem, most)), 0)
  end
  state.counts.rejected = state.counts.rejected + 1
  rejects.put(self.pages, key, problem.message, given)
  core.log("debug", ("backfill %s: %s is left out"):format(o.table, rejects.name(self.pages, key)))
end

-- Rows may have appeared behind the place that was reached. They are looked for where no row that
-- is done can be taken for one of them: where after each batch no row of it was asked for any more.
function run:look_back(state, from, last)
  if not self.pages.o.where or not self.work.looks_back then
    state.once = true
  elseif last and not state.once then
    state.once = self.pages:any_left(from, last) or nil
  end
end

-- Whether there is another round through the table.
function run.begins_again(state)
  local rows = rows_of(state)
  local seen = rows - (state.before or 0)
  if state.once or seen == 0 or (state.rounds or 0) >= MOST_ROUNDS then
    return false
  end
  state.rounds, state.before, state.last = (state.rounds or 0) + 1, rows, nil
  return true
end

-- Commits the batch, and how far it has come.
function run:keep(state)
  local kept = record.write(state)
  if self.range then
    core.keep_range(self.range, kept)
  else
    core.keep_part(kept, self.reverse)
  end
  return kept
end

-- One batch, and its place in the book. Returns what is kept of it, whether more may follow, how
-- many rows there were and whether others wait for these.
function run:part()
  local state, began = record.read(self.kept), core.clock()
  local from = state.last
  local last, more, rejected = self.work.batch(state, self.pace.size, self:rejects_left(state))
  for _, row in ipairs(rejected or {}) do
    self:leave_out(state, row, { message = row[#self.pages.key + 1], is_rejected = true })
  end
  self:look_back(state, from, last)
  state.last = last or from
  if self.range then
    state.ended = not more or nil
  else
    more = more or run.begins_again(state)
  end
  local words = self.pages.words
  local crowded = core.clock() - began > WORTH_A_LOOK_MS and words.is_waited_for
    and words.is_waited_for()
  -- By these names the host shows how far it is.
  state.done, state.total = rows_of(state), self.total
  return self:keep(state), more, rows_of(state), crowded
end

-- The one row of a batch that failed. Returns what is kept when it is left out.
function run:one_row(problem, given)
  local state = record.read(self.kept)
  local key = self.pages:next_range(state.last, 1)
  if not key then
    error(problem, 0)
  end
  self:leave_out(state, key, problem, given)
  state.once = true
  state.counts.read = state.counts.read + 1
  state.last = key
  return self:keep(state)
end

-- Others stood in the way: the same rows again, fewer of them and not at once.
function run:try_again(problem)
  self.failures = self.failures + 1
  if self.failures > MOST_FAILURES then
    error(problem, 0)
  end
  self.pace:halve()
  core.log("warning", ("%s: %s: the batch is undone, and comes again with %d at the most"):format(
    self.pages:what(), problem.message, self.pace.size))
  pace.back_off(self.failures)
end

-- After a batch that is undone: what the next attempt does otherwise; or raises the problem.
function run:after(problem)
  local given = self.pace.size == 1 and self.work.given and self.work.given() or nil
  if self.work.undone then
    self.work.undone()
  end
  self:forget_rejected()
  if not self.over and rejects.passes(problem) then
    self:try_again(problem)
  elseif self.over or not rejects.is_about_rows(problem) then
    error(problem, 0)
  elseif self.pace.size > 1 then
    self.pace:halve()
  else
    local ok, kept = core.try_part(function()
      local kept = self:one_row(problem, given)
      return kept
    end)
    if not ok then
      error(kept, 0)
    end
    self.kept, self.unkept = kept, 0
  end
end

-- What a journal has begun with is kept before the first batch, which may be undone.
function run:open_journal(journal)
  local state = record.read(self.kept)
  journal:go_on(state)
  self.kept, self.reverse = record.write(state), record.write(journal.reverse)
  core.keep_part(self.kept, self.reverse)
end

--- Goes on with the batches up to the end, of the range where it is one. `come_to` is told how many
-- rows are done, and gives back how many there are, where that is known.
---@param come_to fun(rows: integer): integer?
function run:go(come_to)
  local more = true
  while more and not core.crew_ends() do
    local began = core.clock()
    local ok, kept, follows, rows, crowded = core.try_part(function()
      local kept, follows, rows, crowded = self:part()
      return kept, follows, rows, crowded
    end)
    if ok then
      self.kept, more, self.failures, self.unkept = kept, follows, 0, 0
      self.total = come_to(rows) or self.total
      local took = core.clock() - began
      if crowded then
        self.pace:halve()
      else
        self.pace:went_well(took)
      end
      if more then
        self.pace:rest(took)
      end
    else
      self:after(kept)
    end
  end
end

--- Runs `work.batch(state, size, rejects)` as long as more may follow; so many rows may still be
-- rejected. It gives back the key of its last row, whether more may follow, and the rows that the
-- function has rejected: their key, then why. `state` is kept from attempt to attempt.
-- `work.given()`: the key and what is to become of the one row that a batch had; `work.undone()`:
-- the batch is; `work.looks_back`: see look_back.
---@param pages table
---@param fresh table what `state` is at first
---@param work { batch: function, given?: function, undone?: function, looks_back?: boolean }
---@return table state
function parts.run(pages, fresh, work)
  local self = setmetatable({
    pages = pages,
    work = work,
    pace = pace.of(pages),
    failures = 0,
    unkept = 0, -- rows that the batch under way leaves out
    kept = core.part_of_step() or record.write(fresh),
  }, run)
  self.total = record.read(self.kept).total
  if pages.o.journal then
    self:open_journal(pages.o.journal)
  end
  local come_to = pages:progress(rows_of(record.read(self.kept)))
  self.pace:obey()
  if self.pages.o.op ~= "backfill" or ranges.run(self, come_to) then
    self:go(come_to)
  end
  come_to(nil)
  return record.read(self.kept)
end

return parts
