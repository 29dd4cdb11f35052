--- What a backfill's function asks for, gathered and written in blocks: rows for other tables
-- first, then changes, then removals.
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local reflect = require("luamig.reflect")
local source = require("luamig.data.source")
local strict = require("luamig.strict")

-- They are written when there are so many, or so many bytes of text in them.
local MOST_ROWS = 2000
local MOST_VALUES = 20000
local MOST_BYTES = 4 * 1024 * 1024

local gathering = {}

local block = {}
block.__index = block

local function new_block(text, width)
  return setmetatable({ text = text, width = width, values = {}, used = 0, count = 0 }, block)
end

-- Writes the rows and forgets them. Returns how many were affected.
function block:write()
  if self.count == 0 then
    return 0
  end
  local affected = core.execute_each(self.text, self.values, self.width)
  self.values, self.used, self.count = {}, 0, 0
  return affected
end

local gathered = {}
gathered.__index = gathered

--- For a table of table_pages. `counts` is kept up to date with what is written.
---@param pages table
---@param counts table<string, integer>
---@return table
function gathering.of(pages, counts)
  local self = setmetatable({ pages = pages, counts = counts, inserts = {}, tables = {},
    key_width = #pages.key }, gathered)
  local words, key = pages.words, pages.key
  local write = pages.o.write
  if write then
    self.changes = new_block(words.update(pages.name, key, write, pages.types), #key + #write)
  end
  self.removals = new_block(words.delete(pages.name, key, pages.types), #key)
  self.rows, self.bytes, self.full = 0, 0, false
  return self
end

-- Begins one more row with the key of `row`. Returns the list of values and how many it has.
local function add_key(into, row, width)
  local values, n = into.values, into.used
  for i = 1, width do
    values[n + i] = rawget(row, i)
  end
  into.used, into.count = n + into.width, into.count + 1
  return values, n + width
end

-- Types that go to the database as they are.
local PLAIN = { number = true, boolean = true }

local function refuse_value(self, column, value)
  local kind = core.type(value)
  if not source.is_storable(kind) then
    self.pages:fail(("the function gives a %s for '%s'"):format(kind, column),
      kind == "table" and "json.encode(value) makes a text of it, array{…} an array"
        or "give a text, a number, a boolean, null, exact, blob or array")
  end
end

local function refuse_other(self, changes)
  local known = {}
  for _, column in ipairs(self.pages.o.write) do
    known[column] = true
  end
  for _, column in ipairs(self.pages.key) do
    if changes[column] ~= nil and not known[column] then
      self.pages:fail(("the function gives '%s', which is of the key"):format(column),
        "rows are found by their key; change it by op.execute")
    end
  end
  for key in pairs(changes) do
    if not known[key] then
      self.pages:fail(("the function gives '%s', which is no column of 'write'%s"):format(
        tostring(key), strict.did_you_mean(key, self.pages.o.write)))
    end
  end
end

local function refuse_missing(self, changes, column)
  for key in pairs(changes) do
    if core.nearest(tostring(key), { column }) then
      refuse_other(self, changes)
    end
  end
  self.pages:fail(("%s is nil"):format(column), "write null, or the old value")
end

--- A row of the table with these changes: every column of `write` and no other.
function gathered:change(row, changes)
  local into, write = self.changes, self.pages.o.write
  local values, n = add_key(into, row, self.key_width)
  for i = 1, #write do
    local value = changes[write[i]]
    if value == nil then
      refuse_missing(self, changes, write[i])
    elseif type(value) == "string" then
      self.bytes = self.bytes + #value
    elseif not PLAIN[type(value)] then
      refuse_value(self, write[i], value)
    end
    values[n + i] = value
  end
  local given = 0
  for _ in next, changes do
    given = given + 1
  end
  if given ~= #write then
    refuse_other(self, changes)
  end
  self.rows = self.rows + 1
end

function gathered:remove(row)
  add_key(self.removals, row, self.key_width)
  self.rows = self.rows + 1
end

local function open_insert(self, name, row)
  local o = self.pages.o
  local at = { said = ("%s: out:insert into %s"):format(o.op, name), row = 1, known = {} }
  local values = source.values_of(at, row)
  local types = self.pages.words.types(name, o.schema)
  if not reflect.has_table(name, o.schema) then
    self.pages:fail(("out:insert: there is no table '%s'%s"):format(name,
      strict.did_you_mean(name, reflect.tables(o.schema))))
  end
  local known = {}
  for i, column in ipairs(reflect.columns(name, o.schema)) do
    known[i], known[column.name] = column.name, true
  end
  for _, column in ipairs(at.columns) do
    if not known[column] then
      self.pages:fail(("out:insert: %s has no column '%s'%s"):format(name, column,
        strict.did_you_mean(column, known)))
    end
  end
  local text = self.pages.words.insert(ident.qualified(o.schema, name), at.columns, types)
  local into = new_block(text, #at.columns)
  into.at, into.table = at, name
  self.inserts[#self.inserts + 1] = into
  self.tables[name] = into
  return into, values
end

--- A row for another table; every row of one table has the same columns.
function gathered:insert(name, row)
  local into, values = self.tables[name]
  if into then
    into.at.row = into.at.row + 1
    values = source.values_of(into.at, row)
  else
    into, values = open_insert(self, name, row)
  end
  local all, n = into.values, into.used
  for i = 1, into.width do
    local value = values[i]
    all[n + i] = value
    self.bytes = self.bytes + (type(value) == "string" and #value or 0)
  end
  into.used, into.count = n + into.width, into.count + 1
  self.full = self.full or n > MOST_VALUES
end

function gathered:is_full()
  return self.full or self.rows >= MOST_ROWS or self.bytes >= MOST_BYTES
end

--- Writes everything.
function gathered:write()
  local counts = self.counts
  for _, into in ipairs(self.inserts) do
    counts.inserted = counts.inserted + into:write()
  end
  if self.changes then
    counts.changed = counts.changed + self.changes:write()
  end
  counts.deleted = counts.deleted + self.removals:write()
  self.rows, self.bytes, self.full = 0, 0, false
end

--- At the end of a transaction: sequences move past the numbers that were given.
function gathered:move_sequences()
  local words = require("luamig.dialect." .. core.dialect()).words
  for _, into in ipairs(self.inserts) do
    if into.at.has_numbers then
      into.at.has_numbers = false
      local o = { table = into.table, schema = self.pages.o.schema }
      for _, sql in ipairs(words.move_sequences(o, into.at.columns)) do
        core.emit(sql, "the sequences move past what was inserted")
      end
    end
  end
end

return gathering
