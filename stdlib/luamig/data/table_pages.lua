--- A table as a backfill sees it: its columns, its key, and the SQL that reads it in the order of
-- the key, from one row on.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")
local ident = require("luamig.dialect.ident")
local progress = require("luamig.data.progress")
local reflect = require("luamig.reflect")
local strict = require("luamig.strict")
local table_key = require("luamig.data.table_key")

local table_pages = {}

local pages = {}
pages.__index = pages

function pages:fail(message, hint)
  core.fail(("%s: %s"):format(self.o.op, message), hint)
end

local function names_of(columns)
  local names = {}
  for i, column in ipairs(columns) do
    names[i] = column.name
  end
  return names
end

--- An error where the table has no such column.
---@param name string
---@param option string where it was named
function pages:require_column(name, option)
  if not self.columns[name] then
    self:fail(("'%s' names '%s', which is no column of %s%s"):format(option, name, self.o.table,
      strict.did_you_mean(name, self.names)))
  end
end

-- A condition stands in brackets, and one that closed them would reach beyond its page.
--- Refuses SQL of an operation that would end the brackets, or the part of a statement, that it
-- stands in.
---@param o table the operation
---@param said string "'where'"
---@param text string
function table_pages.refuse_closing(o, said, text)
  if core.has_unopened_bracket(text) then
    core.fail(("%s: %s has a ')' that nothing opens"):format(o.op, said))
  end
end

--- The pieces of an operation's `where`, in brackets. A line comment must not reach the last one.
---@param o table
---@return (string|table)[]
function table_pages.condition(o)
  table_pages.refuse_closing(o, "'where'", o.where)
  return { "(", o.params and { o.where, o.params } or o.where,
    o.where:find("--", 1, true) and "\n)" or ")" }
end

--- What tells how far the operation has come (progress.of).
---@param start integer
---@return fun(rows: integer?)
function pages:progress(start)
  local counted = not self.o.where and function()
    local rows = self.words.count_of_rows(self.name)
    return rows
  end
  return progress.of(self:what(), start, counted or nil, self.words.knows_its_rows)
end

--- "backfill users"
---@return string
function pages:what()
  return (self.o.op:gsub("_", " ")) .. " " .. self.o.table
end

--- The table of an operation, which must be there.
---@param o table
---@return table
function table_pages.of(o)
  local self = setmetatable({ o = o, name = ident.qualified(o.schema, o.table) }, pages)
  reflect.require_table(o.table, o.schema, o.op)
  local columns = reflect.columns(o.table, o.schema)
  self.words = require("luamig.dialect." .. core.dialect() .. ".blocks")
  self.names, self.columns = names_of(columns), {}
  self.types = self.words.types(o.table, o.schema)
  for _, column in ipairs(columns) do
    self.columns[column.name] = column
  end
  self.primary = catalog.primary_key(columns)
  return self
end

--- Finds the key by which the rows are gone through, in `key`.
function pages:find_key()
  self.key = table_key.of(self)
  self.key_list = ident.list(self.key)
  table_key.check_rows(self)
end

--- The key of a row whose first columns it is.
---@param row table
---@return any[]
function pages:key_of(row)
  local key = {}
  for i = 1, #self.key do
    key[i] = rawget(row, i)
  end
  return key
end

local MOST_PLAIN = 2 ^ 53

-- The shortest digits that are this whole number, without an exponent.
local function digits_of(value)
  for places = 15, 17 do
    local text = ("%%.%dg"):format(places):format(value)
    if tonumber(text) == value then
      local whole, part, exponent = text:match("^(-?%d+)%.?(%d*)e%+?(%d+)$")
      return whole and whole .. part .. ("0"):rep(tonumber(exponent) - #part) or text
    end
  end
end

-- A number of a script's own that is so large may have lost digits, and is refused; a key is as the
-- database gave it.
local function as_given(value)
  local is_large = type(value) == "number" and value % 1 == 0 and math.abs(value) >= MOST_PLAIN
    and value - value == 0
  return is_large and core.exact(digits_of(value)) or value
end

-- "(a, b) > ($1, $2)" with the values of `last`.
local function beyond(self, operator, last)
  local marks, values = {}, {}
  for i, name in ipairs(self.key) do
    marks[i], values[i] = self.words.mark(i, self.types[name]), as_given(last[i])
  end
  return { ("(%s) %s (%s)"):format(self.key_list, operator, table.concat(marks, ", ")), values }
end

--- Adds " WHERE …" to the pieces of a statement: the rows of the operation, behind `after` and up
-- to `upto`, keys or nil: then the ends of `range`, where the rows are those of one; with `only`, a
-- key, that row alone. Returns the word that the next condition begins with.
---@param pieces (string|table)[]
---@param after any[]?
---@param upto any[]?
---@return " WHERE "|" AND "
function pages:where(pieces, after, upto)
  local word = " WHERE "
  local function add(...)
    pieces[#pieces + 1] = word
    for i = 1, select("#", ...) do
      pieces[#pieces + 1] = (select(i, ...))
    end
    word = " AND "
  end
  local range = self.range or {}
  after, upto = after or range.from, upto or range.upto
  if after then
    add(beyond(self, ">", after))
  end
  if upto then
    add(beyond(self, "<=", upto))
  end
  if self.only then
    add(beyond(self, "=", self.only))
  end
  if self.o.where and not self.anywhere then
    add(unpack(table_pages.condition(self.o)))
  end
  return word
end

local function order(self, direction)
  local parts = {}
  for i, name in ipairs(self.key) do
    parts[i] = ident.quote(name) .. (direction or "")
  end
  return " ORDER BY " .. table.concat(parts, ", ")
end

--- The pieces of a query in the order of the key.
---@param list string what it selects
---@param after any[]?
---@param most integer? how many rows
---@param lock string? what comes last
---@param upto any[]?
---@return (string|table)[]
function pages:select(list, after, most, lock, upto)
  local pieces = { ("SELECT %s FROM %s"):format(list, self.name) }
  self:where(pieces, after, upto)
  pieces[#pieces + 1] = order(self) .. (most and (" LIMIT %d"):format(most) or "") .. (lock or "")
  return pieces
end

--- For an integer key: the lowest and the highest in the table; nil where it is empty. Asked for in
-- one SELECT, SQLite would look at every row.
---@return number|exact|nil lowest
---@return number|exact|nil highest
function pages:first_and_last()
  local name = ident.quote(self.key[1])
  local row = table_pages.one(("SELECT (SELECT min(%s) FROM %s), (SELECT max(%s) FROM %s)"):format(
    name, self.name, name, self.name))
  return row[1], row[2]
end

--- The one row of a query, or nil.
---@param query string|(string|table)[]
---@return any[]?
function table_pages.one(query)
  local cursor = core.open(query, nil, nil, false)
  local row = cursor:next()
  cursor:close()
  return row
end
local one = table_pages.one

--- The key of the first row behind `after` and up to `upto`, or nil.
---@param after any[]?
---@param upto any[]
---@return any[]?
function pages:first_row(after, upto)
  local row = one(self:select(self.key_list, after, 1, nil, upto))
  return row and self:key_of(row)
end

-- The key of the `most`th row behind `after`; nil where there are not so many.
local function nth(self, after, most)
  local pieces = self:select(self.key_list, after)
  pieces[#pieces + 1] = (" LIMIT 1 OFFSET %d"):format(most - 1)
  local row = one(pieces)
  return row and self:key_of(row)
end

--- The last key of the next `most` rows behind `after`, and how many they are; or nil.
---@param after any[]?
---@param most integer
---@return any[]? last
---@return integer count
function pages:next_range(after, most)
  local last = nth(self, after, most)
  if last then
    return last, most
  end
  local pieces = self:select(self.key_list, after, most)
  table.insert(pieces, 1, ("SELECT %s, count(*) OVER () AS luamig_rows FROM ("):format(
    self.key_list))
  pieces[#pieces + 1] = ") AS page" .. order(self, " DESC") .. " LIMIT 1"
  local row = one(pieces)
  if not row then
    return nil, 0
  end
  return self:key_of(row), row[#self.key + 1]
end

--- Whether a row of the operation is left behind `after` and up to `upto`.
---@param after any[]?
---@param upto any[]?
---@return boolean
function pages:any_left(after, upto)
  local pieces = { "SELECT 1 FROM " .. self.name }
  self:where(pieces, after, upto)
  pieces[#pieces + 1] = " LIMIT 1"
  local found = catalog.exists(pieces)
  return found
end

return table_pages
