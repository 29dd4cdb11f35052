--- From the texts that SQLite keeps back to the words of `sql`, and how such texts are compared:
-- by their tokens, because SQLite keeps what was written.
local node = require("luamig.node")
local sqlite_types = require("luamig.dialect.sqlite.types")
local tokens = require("luamig.dialect.sqlite.tokens")
local types = require("luamig.sql.types")

local words = { name = "sqlite" }

local NAMES = {
  INTEGER = "integer",
  BIGINT = "bigint",
  SMALLINT = "smallint",
  VARCHAR = "string",
  CHAR = "char",
  TEXT = "text",
  BOOLEAN = "boolean",
  DOUBLE = "float",
  REAL = "real",
  NUMERIC = "numeric",
  DATE = "date",
  TIME = "time",
  DATETIME = "datetime",
  TIMESTAMP = "timestamptz",
  BLOB = "binary",
}
local AFFINITY_STRICT = { INTEGER = "INTEGER", TEXT = "TEXT", BLOB = "BLOB", REAL = "REAL",
  NUMERIC = "ANY" }
local SIZED = { string = true, char = true }

--- The type that a text means.
---@param column table a column of a shape
---@return table
function words.type_of(column)
  local text, enum = column.type, column.enum
  if enum then
    return types.make("enum", { type_name = enum.name, values = enum.values })
  end
  if text == "" then
    return types.make("binary", {})
  elseif text == "CHAR(36)" then
    return types.make("uuid", {})
  end
  local name, first, second = text:match("^(.-)%((%d+),?(%d*)%)$")
  local word = NAMES[name or text]
  if word and not name then
    return types.make(word, {})
  elseif SIZED[word] and second == "" then
    return types.make(word, { length = tonumber(first) })
  elseif word == "numeric" then
    return types.make(word, { precision = tonumber(first), scale = tonumber(second) })
  end
  return node.new("type", { name = "plain", text = text })
end

--- What SQLite makes of the values of a type.
---@param text string
---@return string
function words.affinity(text)
  text = text:upper()
  if text:find("INT") then
    return "INTEGER"
  elseif text:find("CHAR") or text:find("CLOB") or text:find("TEXT") then
    return "TEXT"
  elseif text:find("BLOB") or text == "" then
    return "BLOB"
  elseif text:find("REAL") or text:find("FLOA") or text:find("DOUB") then
    return "REAL"
  end
  return "NUMERIC"
end

local OF_STRICT = { INT = true, INTEGER = true, REAL = true, TEXT = true, BLOB = true, ANY = true }

--- The type of a STRICT table that a type becomes: by the word of `sql` that it is, or else by its
-- affinity.
---@param text string
---@return string
function words.strict_type(text)
  local upper = text:upper():gsub("%s+", " "):gsub(" ?([%(%),]) ?", "%1")
  if OF_STRICT[upper] then
    return upper
  elseif upper == "" then
    return "ANY"
  end
  local t = words.type_of({ type = upper })
  if t.name ~= "plain" then
    return sqlite_types.name(t, true)
  end
  return AFFINITY_STRICT[words.affinity(upper)]
end

--- A table of a shape once it is STRICT: its columns have the types that they get.
---@param of table
---@return table
function words.made_strict(of)
  local columns = {}
  for i, column in ipairs(of.columns) do
    local text = words.strict_type(column.type)
    columns[i] = setmetatable({ type = text == "INT" and "INTEGER" or text }, { __index = column })
  end
  return setmetatable({ columns = columns }, { __index = of })
end

--- The default that a text means: a value where it is one, else SQL.
---@param column table
---@return any
function words.default_of(column)
  local text = column.default
  local literal = text:match("^'(.*)'$")
  if literal and not literal:gsub("''", ""):find("'", 1, true) then
    literal = literal:gsub("''", "'")
    return node.new("literal", { value = literal })
  elseif text:upper() == "CURRENT_TIMESTAMP" then
    return node.new("now", {})
  elseif text:find("^%-?%d+$") and #text < 14 then
    return tonumber(text)
  end
  return node.new("raw", { text = text })
end

-- Whether the tokens from `first` to `last` are one "( … )".
local function is_enclosed(list, first, last)
  if first >= last or list[first].text ~= "(" or list[last].text ~= ")" then
    return false
  end
  local depth = 0
  for i = first, last - 1 do
    local text = list[i].kind == "sign" and list[i].text
    depth = depth + (text == "(" and 1 or text == ")" and -1 or 0)
    if depth == 0 then
      return false
    end
  end
  return true
end

-- Names are one in whatever quotes and letters; texts are not.
local function spelled(token)
  if token.kind == "word" or token.kind == "quoted" then
    return token.name:lower()
  end
  return token.text
end

local known = {}

--- What two texts are compared by.
---@param text string?
---@return string?
function words.canon(text)
  if not text or known[text] then
    return text and known[text]
  end
  local list = tokens.read(text)
  local first, last = 1, #list
  while is_enclosed(list, first, last) do
    first, last = first + 1, last - 1
  end
  local parts = {}
  for i = first, last do
    parts[#parts + 1] = spelled(list[i])
  end
  known[text] = table.concat(parts, " ")
  return known[text]
end

--- The same of a type.
---@param text string
---@return string
function words.canon_type(text)
  return text == "" and "BLOB" or text
end

--- What names are compared by.
---@param name string
---@return string
function words.fold(name)
  return name:lower()
end

return words
