--- What a backfill's function asks for, gathered by the host and written in blocks: rows for other
-- tables first, then changes, then removals.
local core = require("luamig.core")
local answers = require("luamig.data.answers")
local by_host = require("luamig.data.by_host")
local reflect = require("luamig.reflect")
local source = require("luamig.data.source")
local strict = require("luamig.strict")
local target = require("luamig.data.target")

-- The numbers of the host's blocks.
local CHANGES, REMOVALS, REJECTS = 1, 2, 3

local gathering = {}

local gathered = {}
gathered.__index = gathered

-- A row for another table that the host cannot read by itself: the first one, one with other
-- columns than the first, or no plain table.
local function insert_checked(self, name, row)
  local o, into = self.pages.o, self.tables[name]
  local values
  if into then
    values = source.values_of(into.at, row)
  else
    local at = { said = ("%s: out:insert into %s"):format(o.op, name) }
    values = source.values_of(at, row)
    into = self:open_table(name, at)
  end
  local plain = {}
  for i, column in ipairs(into.at.columns) do
    plain[column] = values[i]
  end
  self.work:insert(into.block, plain)
end

-- A row gives bytes as a text: for a column of bytes a text is bytes again.
function gathered:mark_bytes(block, names, columns)
  for i, name in ipairs(names) do
    local rule = columns[name] and self.pages.words.column_rule(columns[name], false)
    if rule == "bytes" or rule == "byte_items" then
      self.work:take_as_bytes(block, i, rule == "byte_items")
    end
  end
end

-- Looks at a table that rows are for, and makes a block for it.
function gathered:open_table(name, at)
  local o, pages = self.pages.o, self.pages
  reflect.require_table(name, o.schema, o.op .. ": out:insert")
  local columns, names = {}, {}
  for i, column in ipairs(reflect.columns(name, o.schema)) do
    names[i], columns[column.name] = column.name, column
  end
  for _, column in ipairs(at.columns) do
    if not columns[column] then
      pages:fail(("out:insert: %s has no column '%s'%s"):format(name, column,
        strict.did_you_mean(column, names)))
    end
  end
  local into = {
    at = at,
    table = name,
    block = self.work:add_block(at.columns, name,
      pages.words.binary_forms(at.columns, columns)),
    text = pages.words.insert(name, o.schema, at.columns),
  }
  self:mark_bytes(into.block, at.columns, columns)
  self.tables[name] = into
  self.inserts[#self.inserts + 1] = into
  return into
end

-- What `out` is to the function.
local function out_for(self)
  local pages, out, tables = self.pages, {}, self.tables
  local function insert(given, name, row)
    if self.over then
      pages:fail("out:insert after the pass: nothing is written any more",
        "out is the function's own, while it looks at a row")
    elseif not rawequal(given, out) then
      pages:fail("out.insert(…) is called with a colon: out:insert(table, row)")
    elseif type(name) ~= "string" then
      pages:fail(("out:insert takes the name of a table, got a %s"):format(core.type(name)))
    elseif name == pages.o.table then
      pages:fail("out:insert into the table itself: the pass might meet the new rows",
        "gather them in another table, or insert them afterwards")
    end
    local into = tables[name]
    if not (into and self.work:insert(into.block, row)) then
      insert_checked(self, name, row)
    end
  end
  return setmetatable(out, {
    __index = function(_, word)
      if word == "insert" then
        return insert
      end
      pages:fail(("unknown name 'out:%s'"):format(tostring(word)), "out:insert(table, row)")
    end,
    __newindex = function(_, word)
      pages:fail(("out is read-only: out.%s = …"):format(tostring(word)))
    end,
    __metatable = false,
  })
end

--- For a table of table_pages and the list of what is read of it.
---@param pages table
---@param list string
---@return table
function gathering.of(pages, list)
  local o, key = pages.o, pages.key
  local self = setmetatable({ pages = pages, inserts = {}, tables = {} }, gathered)
  local shape = core.look(("SELECT %s FROM %s LIMIT 0"):format(list, pages.name))
  self.work = core.new_work(shape, {
    fn = o.fn,
    out = out_for(self),
    wrong = answers.refuser(pages),
    table = o.table,
    key = #key,
    write = o.write,
    rejects = (o.max_rejects or 0) > 0,
  })
  shape:close()
  if o.write then
    self:mark_bytes(CHANGES, o.write, pages.columns)
  end
  if o.journal then
    self.kept = {
      [CHANGES] = o.write and o.journal:begin(pages, "change", o.write),
      [REMOVALS] = o.journal:begin(pages, "delete"),
    }
  end
  self.update = o.write and pages.words.update(pages.name, key, o.write, pages.types)
  self.delete = pages.words.delete(pages.name, key, pages.types)
  return self
end

local function send(self, block, text)
  local part = self.kept and self.kept[block]
  if part then
    part.words.send(part, self.work, block, text)
  else
    self.work:send(block, text)
  end
end

--- Sends what is gathered to the database.
function gathered:write()
  local work = self.work
  for _, into in ipairs(self.inserts) do
    work:send(into.block, into.text)
  end
  if self.update then
    if self.keeps then
      self.last_given = work:values(CHANGES)[1]
    end
    send(self, CHANGES, self.update)
  end
  send(self, REMOVALS, self.delete)
end

--- Waits for what was sent, and adds to the counts.
---@param counts table<string, integer>
function gathered:settle(counts)
  local work = self.work
  for _, into in ipairs(self.inserts) do
    counts.inserted = counts.inserted + work:settle(into.block)
  end
  counts.changed = counts.changed + work:settle(CHANGES)
  counts.deleted = counts.deleted + work:settle(REMOVALS)
  for _, part in pairs(self.kept or {}) do
    part.words.settle(part)
  end
  self.kept_by_host = work:by_host() - (self.lost_by_host or 0)
end

--- The rows that the function has rejected: their key, then why. Nothing is gathered afterwards.
---@return any[][]
function gathered:rejects()
  local list = self.work:values(REJECTS)
  self.work:clear()
  return list
end

--- What the function has given for the one row that was shown, behind its key; with `keeps` also
-- when that is sent.
---@return any[]?
function gathered:given()
  return self.last_given or self.work:values(CHANGES)[1]
end

--- With -v: how many of so many rows the host has done as the function says, without calling it.
---@param rows integer
function gathered:say_by_host(rows)
  by_host.say(self.pages:what(), self.kept_by_host or 0, rows, "row")
end

--- What was asked for and what was sent is undone.
function gathered:forget()
  self.last_given = nil
  for _, part in pairs(self.kept or {}) do
    part.mark = nil
  end
  self.lost_by_host = self.work:by_host() - (self.kept_by_host or 0)
  self.work:clear()
end

--- The pass has come to its end.
function gathered:close()
  self.over = true
end

--- At the end of a transaction: sequences move past the numbers that were given.
function gathered:move_sequences()
  for _, into in ipairs(self.inserts) do
    if self.work:has_numbers(into.block) then
      target.move_sequences({ table = into.table, schema = self.pages.o.schema }, into.at.columns)
    end
  end
end

return gathering
