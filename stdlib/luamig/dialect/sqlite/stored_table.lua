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
--   primary_key, unique  columns (names; nil for an expression), autoincrement, descending
--   check                inner { first, last }
--   foreign_key          columns, target, target_at, target_columns, ondelete, onupdate, match,
--                        deferrable, initially
--   default              value_first, value_last
--   collate              collation
--   generated            inner
--   not_null, null
local column_names = require("luamig.dialect.sqlite.column_names")
local core = require("luamig.core")
local tokens = require("luamig.dialect.sqlite.tokens")

local stored = {}

-- What ends a type, beside a comma and parentheses.
local AFTER_TYPE = {}
for word in ([[CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES AS DEFERRABLE
  INITIALLY]]):gmatch("%S+") do
  AFTER_TYPE[word] = true
end

local reader = {}
reader.__index = reader

function reader:word(ahead)
  local token = self.list[self.at + (ahead or 0)]
  return token and token.word or nil
end

function reader:sign(ahead)
  local token = self.list[self.at + (ahead or 0)]
  return token and token.kind == "sign" and token.text or nil
end

function reader:fail()
  local token = self.list[self.at]
  core.fail(("SQLite's text of the table cannot be read at %s"):format(
    token and ("'%s'"):format(token.text) or "its end"),
    "change this table by op.execute")
end

--- Takes one word where it stands here; says whether it did.
function reader:take(word)
  if self:word() ~= word then
    return false
  end
  self.at = self.at + 1
  return true
end

function reader:want(word)
  if not self:take(word) then
    self:fail()
  end
end

function reader:want_sign(sign)
  if self:sign() ~= sign then
    self:fail()
  end
  self.at = self.at + 1
end

function reader:name()
  local token = self.list[self.at]
  if not token or not token.name then
    self:fail()
  end
  self.at = self.at + 1
  return token.name
end

-- "( … )": the tokens inside, as { first, last }.
function reader:parentheses()
  self:want_sign("(")
  local first, depth = self.at, 1
  while depth > 0 do
    local sign = self:sign()
    if sign == "(" then
      depth = depth + 1
    elseif sign == ")" then
      depth = depth - 1
    elseif not self.list[self.at] then
      self:fail()
    end
    self.at = self.at + 1
  end
  return { first, self.at - 2 }
end

-- "( a, b COLLATE x DESC, lower(c) )": the names, nil where an expression stands.
function reader:indexed_columns(c)
  local inner = self:parentheses()
  c.columns, c.columns_at = {}, {}
  local depth, first = 0, inner[1]
  for i = inner[1], inner[2] + 1 do
    local token = self.list[i]
    local sign = token.kind == "sign" and token.text
    depth = depth + (sign == "(" and 1 or sign == ")" and -1 or 0)
    c.autoincrement = c.autoincrement or token.word == "AUTOINCREMENT"
    if i > inner[2] or (sign == "," and depth == 0) then
      c.columns[#c.columns + 1] = self.list[first].name
      c.columns_at[#c.columns_at + 1] = first
      first = i + 1
    end
  end
end

function reader:conflict()
  if self:word() == "ON" and self:word(1) == "CONFLICT" then
    self.at = self.at + 3
  end
end

-- DEFERRABLE …, INITIALLY …, NOT DEFERRABLE …
function reader:deferral(c)
  if self:word() == "NOT" and self:word(1) == "DEFERRABLE" then
    self.at = self.at + 2
  elseif self:take("DEFERRABLE") then
    c.deferrable = true
  end
  if self:take("INITIALLY") then
    c.initially = self:word()
    self.at = self.at + 1
  end
end

function reader:action()
  local word = self:word()
  if word == "SET" or word == "NO" then
    word = word .. " " .. (self:word(1) or "")
    self.at = self.at + 1
  end
  self.at = self.at + 1
  return word
end

function reader:references(c)
  self:want("REFERENCES")
  c.target_at = self.at
  c.target = self:name()
  if self:sign() == "(" then
    local target = {}
    self:indexed_columns(target)
    c.target_columns = target.columns
  end
  while true do
    if self:take("MATCH") then
      c.match = self:word()
      self.at = self.at + 1
    elseif self:word() == "ON" and self:word(1) ~= "CONFLICT" then
      local event = self:word(1)
      self.at = self.at + 2
      c[event == "DELETE" and "ondelete" or "onupdate"] = self:action()
    else
      break
    end
  end
  self:deferral(c)
end

function reader:default_value()
  if self:sign() == "(" then
    self:parentheses()
    return
  end
  if self:sign() == "+" or self:sign() == "-" then
    self.at = self.at + 1
  end
  self.at = self.at + 1
end

-- The constraints of a column, each by its first word.
local column_words = {}

function column_words.PRIMARY(r, c)
  c.kind = "primary_key"
  r:want("PRIMARY")
  r:want("KEY")
  c.descending = r:take("DESC")
  r:take("ASC")
  r:conflict()
  c.autoincrement = r:take("AUTOINCREMENT")
end

function column_words.NOT(r, c)
  if r:word(1) == "DEFERRABLE" then
    c.kind = "nothing"
    r:deferral(c)
    return
  end
  c.kind = "not_null"
  r:want("NOT")
  r:want("NULL")
  r:conflict()
end

-- A deferral that stands apart from its REFERENCES.
local function deferral(r, c)
  c.kind = "nothing"
  r:deferral(c)
end
column_words.DEFERRABLE, column_words.INITIALLY = deferral, deferral

function column_words.NULL(r, c)
  c.kind = "null"
  r:want("NULL")
  r:conflict()
end

function column_words.UNIQUE(r, c)
  c.kind = "unique"
  r:want("UNIQUE")
  r:conflict()
end

function column_words.CHECK(r, c)
  c.kind = "check"
  r:want("CHECK")
  c.inner = r:parentheses()
  r:conflict()
end

function column_words.DEFAULT(r, c)
  c.kind = "default"
  r:want("DEFAULT")
  c.value_first = r.at
  r:default_value()
  c.value_last = r.at - 1
end

function column_words.COLLATE(r, c)
  c.kind = "collate"
  r:want("COLLATE")
  c.collation = r:name()
end

function column_words.REFERENCES(r, c)
  c.kind = "foreign_key"
  r:references(c)
end

local function generated(r, c)
  c.kind = "generated"
  if r:take("GENERATED") then
    r:want("ALWAYS")
  end
  r:want("AS")
  c.inner = r:parentheses()
  c.stored = r:take("STORED")
  r:take("VIRTUAL")
end
column_words.GENERATED, column_words.AS = generated, generated

local table_words = {}

local function key_of(kind)
  return function(r, c)
    c.kind = kind
    r.at = r.at + (kind == "primary_key" and 2 or 1)
    r:indexed_columns(c)
    r:conflict()
  end
end
table_words.PRIMARY, table_words.UNIQUE = key_of("primary_key"), key_of("unique")
table_words.CHECK = column_words.CHECK

function table_words.FOREIGN(r, c)
  c.kind = "foreign_key"
  r:want("FOREIGN")
  r:want("KEY")
  r:indexed_columns(c)
  r:references(c)
end

-- One constraint of either sort. A name without a constraint is allowed and means nothing.
local function read_constraint(r, words)
  local c = { first = r.at }
  while r:take("CONSTRAINT") do
    c.name_at = r.at
    c.name = r:name()
  end
  local read = words[r:word() or ""]
  if read then
    read(r, c)
  elseif c.name then
    c.kind = "nothing"
  else
    r:fail()
  end
  c.last = r.at - 1
  return c
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
    local c = read_constraint(r, column_words)
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
    if #parsed.columns > 0 and (r:word() == "CONSTRAINT" or table_words[r:word() or ""]) then
      -- Between two of them the comma may be missing.
      repeat
        table.insert(parsed.constraints, read_constraint(r, table_words))
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
  local r = setmetatable({ list = parsed.tokens, at = 1 }, reader)
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
