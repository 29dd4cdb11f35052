--- op.backfill with a function: every row of a table is shown to it, in the order of the key, and
-- what it gives back is gathered and written.
--
-- Two ways lead through the rows. A query reads them, and statements for many rows at once change
-- them; on PostgreSQL the next rows travel meanwhile. On SQLite an UPDATE calls the function for
-- each row as it comes to it, which is faster; but only where it comes to them in order, and not
-- where the function asks the database for something.
local core = require("luamig.core")
local gathering = require("luamig.data.gathering")
local no_counts = require("luamig.data.counts").none
local parts = require("luamig.data.parts")
local rewrite_pass = require("luamig.data.rewrite_pass")
local row_columns = require("luamig.data.row_columns")
local row_update = require("luamig.data.row_update")
local search = require("luamig.data.search")
local table_pages = require("luamig.data.table_pages")

-- What is read of a table in one go, where an open query would stand in the way of writes.
local PAGE = 10000
-- How often the function may ask for the database before a query reads all the rest. Rows for a new
-- table ask once: what columns it has.
local MOST_GIVEN_UP = 5

local row_pass = {}

local pass = {}
pass.__index = pass

-- Behind which the first page of the UPDATE begins.
function pass:edge()
  local edge, why = row_update.edge(self.pages, self.visit)
  self.by_query = why
  return edge
end

-- With -v: by which way the rows go, and why not by the other.
local function say(self)
  core.log("debug", ("backfill %s: %s"):format(self.pages.o.table, self.by_query
    and ("a query reads the rows, and they are changed many at once (%s)"):format(self.by_query)
    or "an UPDATE calls the function for each row"))
end

local function begin(o, in_parts)
  local pages = table_pages.of(o)
  row_columns.refuse_own_names(pages)
  pages:find_key()
  row_columns.check_written(pages, in_parts)
  local self = setmetatable({ pages = pages, given_up = 0 }, pass)
  self.list, self.arguments, self.places = row_columns.read(pages)
  return self
end

-- What rows are read with that are changed where they lie, and where what becomes of them goes.
local function open(self)
  local pages = self.pages
  self.lock = row_columns.window(pages.o) and "" or pages.words.lock(pages.name)
  self.gathered = gathering.of(pages, self.list)
end

-- How the rows are changed where they lie.
local function find_way(self)
  open(self)
  self.by_query, self.visit = row_update.obstacle(self.pages, self.arguments)
  say(self)
end

-- Shows the rows of a query to the function. Returns how many there were, and the key of the last.
-- `before`: how many there were before these.
function pass:go_through(pieces, before)
  local gathered, count = self.gathered, 0
  local cursor = core.open(pieces, nil, nil, true)
  local last
  repeat
    local shown, at_end = gathered.work:read(cursor)
    if shown > 0 then
      last = gathered.work:last()
    end
    count = count + shown
    gathered:write()
    if self.come_to then
      self.come_to(before + count)
    end
  until at_end
  cursor:close()
  return count, last
end

-- Has an UPDATE show the rows behind `after` and up to `upto` to the function. Where the function
-- asks for the database, a query goes on from there; after several times, for the whole rest.
function pass:run(counts, after, upto)
  local gathered, visit = self.gathered, self.visit
  local function run()
    return gathered.work:run(row_update.pieces(self.pages, visit, self.arguments, after, upto))
  end
  local shown, changed, whole, asks_rowid = run()
  if asks_rowid then
    visit.by_rowid = true
    shown, changed, whole = run()
  end
  counts.read, counts.changed = counts.read + shown, counts.changed + changed
  gathered:write()
  if not whole then
    self.given_up = self.given_up + 1
    if self.given_up == MOST_GIVEN_UP then
      self.by_query = "the function uses the database, or its results are large"
      say(self)
    end
    local from = shown > 0 and gathered.work:last() or after
    counts.read = counts.read
      + self:go_through(self.pages:select(self.list, from, nil, self.lock, upto), counts.read)
  end
end

-- The same by statements of PAGE rows, for what one gives back is held until it ends.
local function batch_by_statement(self, counts, from, after, size)
  local last, left = after, size
  repeat
    local asked = math.min(left, PAGE)
    local upto, count = self.pages:next_range(last, asked)
    if not upto then
      return last ~= after and last or nil, false
    end
    self:run(counts, from, upto)
    from, last, left = upto, upto, left - count
  until left == 0 or count < asked or self.by_query
  return last, left == 0 or self.by_query ~= nil
end

-- The next `size` rows behind `after`. Returns the key of the last, and whether more may follow.
local function one_batch(self, counts, after, size)
  local pages = self.pages
  self.gathered.keeps = size == 1
  local from = after or (not self.by_query and self:edge() or nil)
  if not self.by_query then
    return batch_by_statement(self, counts, from, after, size)
  end
  local count, last = self:go_through(pages:select(self.list, after, size, self.lock), counts.read)
  counts.read = counts.read + count
  return last, count == size
end

-- What parts.run and search.attempt ask for beside batches.
local function work_with(self, batch)
  return {
    batch = batch,
    looks_back = true,
    given = function()
      return self.gathered:given()
    end,
    undone = function()
      self.gathered:forget()
    end,
  }
end

-- In one transaction, where an error of the database is to name its row. Behind `after` a batch
-- would begin.
local function attempt(self, after, fn)
  local come_to = self.come_to
  local one, two = search.attempt(self.pages, fn, after, work_with(self, function(from, size)
    self.come_to = nil
    local counts = no_counts()
    local last, more = one_batch(self, counts, from, size)
    self.gathered:settle(counts)
    return last, more
  end))
  self.come_to = come_to
  return one, two
end

-- The rows behind `after`, all of them: where an open query stands in the way of writes, page by
-- page if that may be; else the session puts the rest of it aside.
local function all_by_query(self, counts, after)
  local pages = self.pages
  local most = pages.words.pages and row_columns.is_independent(pages.o) and PAGE or nil
  local last, at_end = after, false
  while not at_end do
    local count
    count, last = attempt(self, last, function()
      local shown, to = self:go_through(pages:select(self.list, last, most, self.lock),
        counts.read)
      self.gathered:settle(counts)
      return shown, to
    end)
    counts.read = counts.read + count
    at_end = not most or count < most
  end
end

-- By pages, so that what is gathered stays small: PAGE rowids, and once there are few rows among so
-- many, or where the key is none, PAGE rows. Returns whether all is done, and if not, the last key
-- that is.
local function all_by_statement(self, counts)
  local after, by_rows = self:edge(), self.visit.by_index
  if self.by_query then
    return false
  end
  local highest = not by_rows and select(2, self.pages:first_and_last()) or nil
  while by_rows or highest and after[1] ~= highest do
    local upto, before = nil, counts.read
    if by_rows then
      upto = self.pages:next_range(after, PAGE)
    else
      upto = { core.arithmetic("add", after[1], PAGE) }
      upto[1] = highest < upto[1] and highest or upto[1]
    end
    if not upto then
      break
    end
    attempt(self, after, function()
      self:run(counts, after, upto)
    end)
    after, by_rows = upto, by_rows or counts.read - before < PAGE / 4
    self.come_to(counts.read)
    if self.by_query then
      return false, after
    end
  end
  return true
end

local function in_one(self)
  local counts = no_counts()
  local done, last = false, nil
  self.come_to = self.pages:progress(0)
  if not self.by_query then
    done, last = all_by_statement(self, counts)
  end
  if not done then
    all_by_query(self, counts, last)
  end
  self.come_to(nil)
  self.gathered:settle(counts)
  self.gathered:move_sequences()
  return counts
end

local function in_batches(self)
  local gathered = self.gathered
  local state = parts.run(self.pages, { counts = no_counts() },
    work_with(self, function(state, size, rejects)
      gathered.work:catch(rejects)
      local last, more = one_batch(self, state.counts, state.last, size)
      gathered:settle(state.counts)
      gathered:move_sequences()
      return last, more, gathered:rejects()
    end))
  return state.counts
end

--- The counts of the whole pass.
---@param o table the operation
---@param in_parts boolean whether it is a durable step
---@return table<string, integer>
function row_pass.run(o, in_parts)
  local self = begin(o, in_parts)
  local counts = o.rewrite and rewrite_pass.run(self.pages, self.list, #self.arguments, self.places,
    in_parts)
  if not counts then
    find_way(self)
    counts = (in_parts and in_batches or in_one)(self)
    self.gathered:say_by_host(counts.read)
    self.gathered:close()
  end
  return counts
end

--- For rows one by one: `again()` does the one that `pages.only` names, and gives back why it is
-- rejected, or nil.
---@param o table the operation
---@return { pages: table, again: function, given: function, undone: function }
function row_pass.begin_again(o)
  local self = begin(o, true)
  local pages = self.pages
  open(self)
  self.gathered.keeps = true
  local pass_of_one = work_with(self, nil)
  pass_of_one.pages = pages
  function pass_of_one.again()
    local counts = no_counts()
    self.gathered.work:catch(1)
    self:go_through(pages:select(self.list, nil, 1, self.lock), 0)
    self.gathered:settle(counts)
    self.gathered:move_sequences()
    local rejected = self.gathered:rejects()[1]
    return rejected and rejected[#pages.key + 1]
  end
  return pass_of_one
end

row_pass.nothing = no_counts

return row_pass
