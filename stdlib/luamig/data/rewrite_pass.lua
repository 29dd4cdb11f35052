--- op.backfill with rewrite = true: all rows of the table go through the function into a new table,
-- which takes the place of the old one. Where that may not be, or does not work out, the rows are
-- changed where they lie.
local core = require("luamig.core")
local gathering = require("luamig.data.gathering")
local ident = require("luamig.dialect.ident")
local no_counts = require("luamig.data.counts").none
local rejects = require("luamig.data.rejects")
local table_pages = require("luamig.data.table_pages")

local FIRST_FETCH = 100
local MOST_ROWS = 10000 -- at once
local MOST_BYTES = 2 * 1024 * 1024

local rewrite_pass = {}

local pass = {}
pass.__index = pass

-- What of the operation stands in the way, or nil.
local function asks_otherwise(pages, in_parts)
  local o = pages.o
  if core.names_operations() then
    return "a measured run counts row by row"
  elseif o.undo then
    return "what the rows were is kept"
  elseif (o.max_rejects or 0) > 0 then
    return "rows may be left out"
  elseif in_parts and core.part_of_step() then
    return "batches of it are done already"
  end
end

-- The query for all rows, and where its columns go. What the function sees comes first, then
-- whether it sees the row, then the columns of the new table that are not there yet.
function pass:query()
  local pages, o, width = self.pages, self.pages.o, self.seen
  local pieces, from, changes = { "SELECT " .. self.list }, {}, {}
  local asks, rest, given = nil, {}, {}
  if o.where then
    asks, width = width + 1, width + 1
    pieces[#pieces + 1] = ", "
    for _, piece in ipairs(table_pages.condition(o)) do
      pieces[#pieces + 1] = piece
    end
    pieces[#pieces + 1] = " IS TRUE"
  end
  for i, name in ipairs(o.write or {}) do
    given[name] = i
  end
  for i, name in ipairs(self.making.columns) do
    from[i], changes[i] = self.places[name], given[name] or 0
    if not from[i] then
      width = width + 1
      from[i] = width
      rest[#rest + 1] = (", %s.%s"):format(pages.name, ident.quote(name))
    end
  end
  pieces[#pieces + 1] = ("%s FROM %s"):format(table.concat(rest), pages.name)
  return pieces, from, changes, asks
end

local function writer_for(making, pages)
  local plain = {}
  for i in ipairs(making.columns) do
    plain[i] = true
  end
  return core.write_rows({
    table = making.new,
    name = making.new_name,
    columns = making.columns,
    list = ident.list(making.columns),
    plain = plain,
    rules = {},
    forms = pages.words.binary_forms(making.columns, pages.columns),
  })
end

-- How many rows to ask for after so many, which had so many bytes.
local function next_fetch(rows, bytes)
  local fitting = math.floor(MOST_BYTES * rows / (bytes + 1))
  return math.max(1, math.min(fitting, rows * 4, MOST_ROWS))
end

-- A page of rows past the function, into the new table. Returns how many, and how many bytes.
function pass:go_over(cursor, writer, counts)
  local gathered, rows, bytes = self.gathered, 0, 0
  local at_end
  repeat
    local shown, ended, seen, size, changed, removed = gathered.work:read(cursor, writer)
    counts.read, counts.changed = counts.read + shown, counts.changed + changed
    counts.deleted = counts.deleted + removed
    rows, bytes, at_end = rows + seen, bytes + size, ended
    gathered:write()
  until at_end
  cursor:close()
  writer:settle()
  return rows, bytes
end

-- All rows of the query. Returns how many the new table has.
function pass:all(counts)
  local making = self.making
  local pieces, from, changes, asks = self:query()
  self.gathered = gathering.of(self.pages, self.list)
  self.gathered.work:carry_by(from, changes, asks)
  local writer = writer_for(making, self.pages)
  local come_to = self.pages:progress(0)
  making.open(pieces)
  local size, all = FIRST_FETCH, 0
  repeat
    local rows, bytes = self:go_over(making.fetch(size), writer, counts)
    local at_end = rows < size
    all, size = all + rows, next_fetch(rows, bytes)
    come_to(all)
  until at_end
  come_to(nil)
  self.gathered:settle(counts)
  return writer:finish()
end

-- Returns why it may not be, where it may not: then all of it has to be undone.
function pass:run(counts)
  local making, why = self.pages.words.rewrite.begin(self.pages.name)
  if not making then
    return why
  end
  self.making = making
  why = making:finish(self:all(counts))
  if not why then
    self.gathered:move_sequences()
  end
  return why
end

-- What the database says of a statement; others in the way are no reason to take the other one.
local function is_refusal(problem)
  return problem.code == "sql" and problem.kind ~= "interrupted"
    and problem.kind ~= "lost_transaction" and not rejects.passes(problem)
end

--- The counts of the whole pass; nil where the rows have to be changed where they lie, and nothing
-- of it is done.
---@param pages table
---@param list string what the function sees, in SQL
---@param seen integer how many columns that are
---@param places table<string, integer> of the table's columns among them
---@param in_parts boolean whether it is a durable step
---@return table<string, integer>?
function rewrite_pass.run(pages, list, seen, places, in_parts)
  if not pages.words.rewrite then
    return nil
  end
  local self = setmetatable({ pages = pages, list = list, seen = seen, places = places }, pass)
  local counts = no_counts()
  local why = asks_otherwise(pages, in_parts) or pages.words.rewrite.obstacle(pages.name)
  if not why then
    core.log("debug", pages:what() .. ": by a new table in the place of the old one")
    local ok, problem = core.try(function()
      why = self:run(counts)
      if why then
        pages:fail(why)
      end
    end)
    if ok then
      self.gathered:say_by_host(counts.read)
      self.gathered:close()
      return counts
    end
    why = why or is_refusal(problem) and problem.message or error(problem, 0)
  end
  core.log("info", ("%s: not by a new table: %s"):format(pages:what(), why))
  return nil
end

return rewrite_pass
