--- From PostgreSQL's own texts back to the words of `sql`, and how such texts are compared.
local catalog = require("luamig.dialect.catalog")
local node = require("luamig.node")
local types = require("luamig.sql.types")

local words = { name = "postgresql" }

-- As format_type writes them.
local NAMES = {
  integer = "integer",
  bigint = "bigint",
  smallint = "smallint",
  ["character varying"] = "string",
  character = "char",
  text = "text",
  citext = "citext",
  boolean = "boolean",
  ["double precision"] = "float",
  real = "real",
  numeric = "numeric",
  date = "date",
  ["time without time zone"] = "time",
  ["timestamp without time zone"] = "datetime",
  ["timestamp with time zone"] = "timestamptz",
  interval = "interval",
  uuid = "uuid",
  bytea = "binary",
  json = "json",
  jsonb = "jsonb",
  inet = "inet",
}

-- Without a length, "character" is one of 1.
local SIZED = { string = true, char = true }

local function plain(text)
  return node.new("type", { name = "plain", text = text })
end

--- The type that a text means.
---@param column table a column of a shape
---@return table
function words.type_of(column)
  if column.serial then
    return plain(column.serial)
  end
  local text = column.type
  local of = text:match("^(.*)%[%]$")
  if of then
    return types.make("array", { of = words.type_of({ type = of }) })
  end
  local name, first, second = text:match("^(.-)%((%d+),?(%d*)%)$")
  local word = NAMES[name or text]
  if not name then
    return word and word ~= "char" and types.make(word, {}) or plain(text)
  elseif SIZED[word] and second == "" then
    return types.make(word, { length = tonumber(first) })
  elseif word == "numeric" then
    return types.make(word, { precision = tonumber(first), scale = tonumber(second) })
  end
  return plain(text)
end

local TEXTS = { text = true, ["character varying"] = true, bpchar = true, citext = true }
local NUMBERS = { integer = true, bigint = true, smallint = true, numeric = true }

--- The default that a text means: a value where it is one, else SQL.
---@param column table
---@return any
function words.default_of(column)
  local text = column.default
  local base = column.type:gsub("%(.*", "")
  local literal, cast = text:match("^'(.*)'::([%a ]+)$")
  if literal and TEXTS[cast] and not literal:gsub("''", ""):find("'", 1, true) then
    literal = literal:gsub("''", "'")
    if base == cast or base == "character" and cast == "bpchar" then
      return node.new("literal", { value = literal })
    end
  end
  if text == "now()" then
    return node.new("now", {})
  elseif text == "true" or text == "false" then
    return text == "true"
  elseif NUMBERS[base] and text:find("^%d+$") and #text < 14 then
    return tonumber(text)
  end
  return node.new("raw", { text = text })
end

--- Whether a type may be one of the author's own: an enum, or of an extension.
---@param name string
---@return boolean
function words.is_own(name)
  return not NAMES[name:gsub("%[%]$", "")]
end

local ELEMENT = "^(.*)%[%]$"
local OF_TEXT = { text = true, string = true, char = true, citext = true }

--- Whether a value of the one type can be cast to the other. From and to a text it can, whether
-- the text says one or not; types of the database's own go over text.
---@param from string
---@param to string
---@return boolean
function words.has_cast(from, to)
  local is_list = from:find(ELEMENT) ~= nil
  if from == to or OF_TEXT[NAMES[from]] or OF_TEXT[NAMES[to]] or words.is_own(from)
    or words.is_own(to) then
    return true
  elseif is_list ~= (to:find(ELEMENT) ~= nil) then
    return false
  elseif is_list then
    return words.has_cast(from:match(ELEMENT), to:match(ELEMENT))
  end
  return catalog.exists([[
    SELECT 1 FROM pg_catalog.pg_cast WHERE castsource = pg_catalog.to_regtype(:a)
       AND casttarget = pg_catalog.to_regtype(:b)]], { a = from, b = to })
end

--- What two texts are compared by: the server has normalised them.
---@param text string?
---@return string?
function words.canon(text)
  return text
end

words.canon_type = words.canon

--- What names are compared by.
---@param name string
---@return string
function words.fold(name)
  return name
end

return words
