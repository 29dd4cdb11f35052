--- Tables, of the text that SQLite keeps of them.
local named = require("luamig.dialect.sqlite.named")
local stored = require("luamig.dialect.sqlite.stored_table")
local tokens = require("luamig.dialect.sqlite.tokens")

local tables = {}

local function words(parsed, range)
  return range[1] <= range[2] and stored.words(parsed, range[1], range[2]) or ""
end

local function list_copy(list)
  local copy = {}
  for i, one in ipairs(list or {}) do
    copy[i] = one
  end
  return copy
end

local column_makers = {}

-- ABORT is what happens anyway.
local function conflict_of(c)
  return c.conflict ~= "ABORT" and c.conflict or nil
end

function column_makers.not_null(_, column, c)
  column.nullable, column.on_conflict = false, conflict_of(c)
end

local VALUES = { NULL = true, TRUE = true, FALSE = true, CURRENT_TIMESTAMP = true,
  CURRENT_DATE = true, CURRENT_TIME = true }

function column_makers.default(parsed, column, c)
  local first, last = c.value_first, c.value_last
  if parsed.tokens[first].text == "(" and last - first <= 3 then  -- "(5)", "(-5)"
    first, last = first + 1, last - 1
  end
  local text, token = stored.words(parsed, first, last), parsed.tokens[first]
  local is_text = token.kind == "word" and first == last and not VALUES[token.word]
  if token.kind == "quoted" or is_text then  -- a name where only a text can stand is one
    text = ("'%s'"):format(token.name:gsub("'", "''"))
  end
  if text:upper() ~= "NULL" then
    column.default = text
  end
end

function column_makers.collate(_, column, c)
  column.collation = c.collation:upper() ~= "BINARY" and c.collation or nil
end

function column_makers.generated(parsed, column, c)
  column.computed = words(parsed, c.inner)
end

local function read_column(parsed, of, described)
  local column = { name = described.name, type = "", nullable = true }
  if described.type then
    local text = words(parsed, described.type):upper():gsub("%s+", " ")
    column.type = text:gsub(" ?([%(%),]) ?", "%1")
  end
  for _, c in ipairs(described.constraints) do
    if column_makers[c.kind] then
      column_makers[c.kind](parsed, column, c)
    end
  end
  of.columns[#of.columns + 1] = column
end

local constraint_makers = {}

function constraint_makers.unique(_, made, c)
  made.on_conflict = conflict_of(c)
end

constraint_makers.primary_key = constraint_makers.unique

function constraint_makers.check(parsed, made, c)
  made.condition, made.in_column = words(parsed, c.inner), c.column ~= nil or nil
end

function constraint_makers.foreign_key(_, made, c)
  made.target, made.target_columns = c.target, c.target_columns and list_copy(c.target_columns)
  made.ondelete = c.ondelete ~= "NO ACTION" and c.ondelete or nil
  made.onupdate = c.onupdate ~= "NO ACTION" and c.onupdate or nil
  made.match = c.match ~= "SIMPLE" and c.match or nil
  made.deferrable = c.deferrable
  made.initially = c.initially == "DEFERRED" and c.initially or nil
end

-- What the whole key says of its column: an INTEGER is the rowid, which numbers itself.
local function read_key(parsed, of, c)
  local rowid = stored.rowid_column(parsed)
  for _, column in ipairs(of.columns) do
    if rowid and tokens.same(column.name, rowid.name) then
      column.identity = { once = c.autoincrement or nil }
    end
    for _, name in ipairs(c.columns) do
      if tokens.same(column.name, name) then
        column.in_key, column.by_key = true, column.nullable or nil
        column.nullable = false
      end
    end
  end
end

local function read_constraints(parsed, of, indexes)
  for _, one in ipairs(named.all(parsed, indexes)) do
    local c = one.constraint
    if not c.index then
      local made = { kind = c.kind, name = one.name, auto = not c.name, columns = {} }
      made.columns = c.kind ~= "check" and list_copy(c.columns) or {}
      if constraint_makers[c.kind] then
        constraint_makers[c.kind](parsed, made, c)
      end
      if c.kind == "primary_key" then
        of.primary_key = made
        read_key(parsed, of, c)
      else
        table.insert(of.constraints, made)
      end
    end
  end
end

-- A type that is no rowid's may be spelled either way.
local function plain_integers(of)
  for _, column in ipairs(of.columns) do
    local key = of.primary_key and of.primary_key.columns
    local is_key = key and #key == 1 and tokens.same(key[1], column.name)
    if column.type == "INT" then
      column.type, column.is_int = "INTEGER", true
    elseif column.type == "INTEGER" and is_key and not column.identity then  -- PRIMARY KEY DESC
      column.is_int = true
    end
  end
end

-- Both sides of a comparison mostly hold the same texts.
local parsed_texts = {}

local function parse(text)
  local parsed = parsed_texts[text] or stored.parse(text)
  parsed_texts[text] = parsed
  return parsed
end

--- The table of an object of the schema.
---@param object table { name, sql }
---@param indexes table[] its own, as such objects
---@return table
function tables.read(object, indexes)
  local parsed = parse(object.sql)
  local of = {
    name = object.name,
    columns = {},
    constraints = {},
    indexes = {},
    strict = parsed.strict,
    without_rowid = parsed.without_rowid,
  }
  for _, described in ipairs(parsed.columns) do
    read_column(parsed, of, described)
  end
  read_constraints(parsed, of, indexes)
  plain_integers(of)
  return of
end

return tables
