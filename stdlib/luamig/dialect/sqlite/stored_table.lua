--- The text of a table as SQLite keeps it (sqlite_schema.sql), as a thing to ask and to edit.
--
-- stored.parse(text) gives
--   text, tokens
--   open, close          the tokens of the outer parentheses
--   columns              { name, first, last, name_at, type, constraints }
--   constraints          of the table
--   strict, without_rowid
-- `first`, `last` and whatever ends in `_at` are numbers of tokens; `type` is { first, last } or
-- nil.
--
-- A constraint is { kind, first, last, name?, name_at?, … }: `first` is CONSTRAINT where it has a
-- name. Kinds and their further fields:
--   primary_key, unique  columns (names; nil for an expression), autoincrement, descending,
--                        conflict (ON CONFLICT …)
--   check                inner { first, last }
--   foreign_key          columns, target, target_at, target_columns, ondelete, onupdate, match,
--                        deferrable, initially
--   default              value_first, value_last
--   collate              collation
--   generated            inner
--   not_null             conflict
--   null
local column_names = require("luamig.dialect.sqlite.column_names")
local constraints = require("luamig.dialect.sqlite.stored_constraints")
local core = require("luamig.core")
local reader = require("luamig.dialect.sqlite.stored_reader")
local tokens = require("luamig.dialect.sqlite.tokens")

local stored = {}

-- What ends a type, beside a comma and parentheses.
local AFTER_TYPE = {}
for word in ([[CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES AS DEFERRABLE
  INITIALLY]]):gmatch("%S+") do
  AFTER_TYPE[word] = true
end

local function ends_item(r)
  local sign = r:sign()
  return sign == "," or sign == ")" or not r.list[r.at]
end

local function read_type(r)
  local first = r.at
  while not ends_item(r) and r.list[r.at].name and not AFTER_TYPE[r:word() or ""]
    and not (r:word() == "GENERATED" and r:word(1) == "ALWAYS") do
    r.at = r.at + 1
  end
  if r.at > first and r:sign() == "(" then
    r:parentheses()
  end
  return r.at > first and { first, r.at - 1 } or nil
end

local function read_column(r)
  local column = { first = r.at, name_at = r.at, name = r:name(), constraints = {} }
  column.type = read_type(r)
  while not ends_item(r) do
    local c = constraints.read(r, constraints.column_words)
    if c.kind == "primary_key" or c.kind == "unique" or c.kind == "foreign_key" then
      c.columns = { column.name }
    end
    c.column = column
    column.constraints[#column.constraints + 1] = c
  end
  column.last = r.at - 1
  return column
end

local function read_items(r, parsed)
  repeat
    local begins = r:word() == "CONSTRAINT" or constraints.table_words[r:word() or ""]
    if #parsed.columns > 0 and begins then
      -- Between two of them the comma may be missing.
      repeat
        table.insert(parsed.constraints, constraints.read(r, constraints.table_words))
      until ends_item(r)
    else
      table.insert(parsed.columns, read_column(r))
    end
    local more = r:sign() == ","
    r.at = r.at + 1
  until not more
  parsed.close = r.at - 1
  if parsed.tokens[parsed.close] == nil or parsed.tokens[parsed.close].text ~= ")" then
    r.at = parsed.close
    r:fail()
  end
end

local function read_options(r, parsed)
  while r.list[r.at] do
    if r:take("WITHOUT") then
      r:want("ROWID")
      parsed.without_rowid = true
    elseif r:take("STRICT") then
      parsed.strict = true
    else
      r:want_sign(",")
    end
  end
end

--- The parts of a stored CREATE TABLE. One that cannot be read is an error that says so.
---@param text string
---@return table
function stored.parse(text)
  local parsed = { text = text, tokens = tokens.read(text), columns = {}, constraints = {} }
  local r = reader.new(parsed.tokens)
  r:want("CREATE")
  if r:word() == "VIRTUAL" then
    core.fail("a virtual table cannot be changed", "drop it and make it anew")
  end
  r:take("TEMP")
  r:take("TEMPORARY")
  r:want("TABLE")
  parsed.name_at = r.at
  parsed.name = r:name()
  if r:sign() == "." then
    r.at = r.at + 1
    parsed.name_at = r.at
    parsed.name = r:name()
  end
  parsed.open = r.at
  r:want_sign("(")
  read_items(r, parsed)
  read_options(r, parsed)
  return parsed
end

--- The text of tokens from `first` to `last`.
---@param parsed table
---@param first integer
---@param last integer
---@return string
function stored.words(parsed, first, last)
  return parsed.text:sub(parsed.tokens[first].from, parsed.tokens[last].to)
end

--- The column of this name, or nil.
---@param parsed table
---@param name string
---@return table?
function stored.column(parsed, name)
  for _, column in ipairs(parsed.columns) do
    if tokens.same(column.name, name) then
      return column
    end
  end
  return nil
end

--- The first constraint of this kind in a column, or nil.
---@param column table
---@param kind string
---@return table?
function stored.of_column(column, kind)
  for _, c in ipairs(column.constraints) do
    if c.kind == kind then
      return c
    end
  end
  return nil
end

--- Every constraint, those of the columns first.
---@param parsed table
---@return table[]
function stored.all_constraints(parsed)
  local list = {}
  for _, column in ipairs(parsed.columns) do
    for _, c in ipairs(column.constraints) do
      list[#list + 1] = c
    end
  end
  for _, c in ipairs(parsed.constraints) do
    list[#list + 1] = c
  end
  return list
end

--- The primary key, or nil.
---@param parsed table
---@return table?
function stored.primary_key(parsed)
  for _, c in ipairs(stored.all_constraints(parsed)) do
    if c.kind == "primary_key" then
      return c
    end
  end
  return nil
end

--- The column that is the rowid under another name, or nil: an INTEGER that is the whole key.
---@param parsed table
---@return table?
function stored.rowid_column(parsed)
  local key = stored.primary_key(parsed)
  if not key or parsed.without_rowid or #key.columns ~= 1 or (key.descending and key.column) then
    return nil
  end
  local column = stored.column(parsed, key.columns[1])
  local type_text = column and column.type and stored.words(parsed, unpack(column.type)) or ""
  return type_text:upper() == "INTEGER" and column or nil
end

--- Whether a constraint speaks of the column.
---@param parsed table
---@param c table
---@param name string
---@return boolean
function stored.concerns(parsed, c, name)
  for _, column in ipairs(c.columns or {}) do
    if tokens.same(column, name) then
      return true
    end
  end
  -- An expression in a key has no name; its tokens are looked through.
  if c.columns_at and not c.target then
    return column_names.in_list(parsed.tokens, name, c.columns_at[1])
  end
  return c.inner and column_names.mention(parsed.tokens, name, unpack(c.inner)) or false
end

return stored
