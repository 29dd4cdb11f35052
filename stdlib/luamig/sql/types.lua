--- The column types: each is a word of `sql`, a value and a call alike (`sql.text`, `sql.text()`).
--
-- A type is a node { node = "type", name, … }; what it is called in SQL is each dialect's own
-- (dialect/*/types.lua). A text stands for itself: { node = "type", name = "plain", text }.
local arguments = require("luamig.arguments")
local kinds = require("luamig.kinds")
local node = require("luamig.node")

local types = {}

local LENGTH = { "length", kind = "size", doc = "The most characters it holds." }

--- Declarations in the order of the documentation.
types.list = {
  { name = "integer", doc = "A whole number of 32 bits." },
  { name = "bigint", doc = "A whole number of 64 bits." },
  { name = "smallint", doc = "A whole number of 16 bits." },
  { name = "string", fields = { LENGTH }, doc = "Text, with a limit of characters or without." },
  { name = "char", fields = { LENGTH }, doc = "Text of a fixed length." },
  { name = "text", doc = "Text of any length." },
  { name = "citext", doc = "Text that compares without case. PostgreSQL wants its extension." },
  { name = "boolean", doc = "true or false." },
  { name = "float", doc = "A binary floating-point number of 64 bits." },
  { name = "double", doc = "The same as float." },
  { name = "real", doc = "A binary floating-point number of 32 bits (SQLite: 64)." },
  {
    name = "numeric",
    fields = {
      { "precision", kind = "size", doc = "How many digits in all." },
      { "scale", kind = "scale", doc = "How many of them after the point." },
    },
    doc = "An exact decimal number. SQLite has none and keeps INTEGER or REAL.",
  },
  { name = "date", doc = "A day." },
  { name = "time", doc = "A time of day." },
  { name = "datetime", doc = "A date and time of day that names no time zone." },
  { name = "timestamp", doc = "The same as datetime." },
  { name = "timestamptz", doc = "An instant. SQLite keeps it as text in UTC." },
  { name = "interval", doc = "A span of time. SQLite keeps it as text." },
  { name = "uuid", doc = "A UUID. SQLite keeps it as CHAR(36), which is text." },
  { name = "binary", doc = "Bytes." },
  { name = "json", doc = "JSON, kept as it was written." },
  { name = "jsonb", doc = "JSON, kept parsed. SQLite keeps text." },
  { name = "inet", doc = "An IP address. SQLite keeps text." },
  {
    name = "enum",
    fields = {
      { "type_name", kind = "name", required = true, doc = "What the type is called." },
      { "values", kind = "labels", required = true, doc = "The values it has, in order." },
      { "schema", option = true, kind = "name", doc = "Where the type lies." },
    },
    doc = "One of a few texts. PostgreSQL: a type that exists already; SQLite: text and a CHECK.",
  },
  {
    name = "array",
    fields = { { "of", kind = "type", required = true, doc = "The type of the items." } },
    doc = "A list of values of one type. PostgreSQL only.",
  },
}

-- Text after a type that is an option of the column.
local CLAUSES = {
  { "%f[%a]not%s+null", "nullable = false" },
  { "%f[%a]default%f[%A]", "server_default = …" },
  { "%f[%a]primary%s+key", "primary_key = true" },
  { "%f[%a]references%f[%A]", 'references = "table.column"' },
  { "%f[%a]unique%f[%A]", "unique = true" },
}

local function read_plain(text)
  if text == "" then
    return nil, "must not be empty"
  end
  local lower = text:lower():gsub('"[^"]*"', '""')
  for _, clause in ipairs(CLAUSES) do
    if lower:find(clause[1]) then
      return nil, ("must be a type alone, got '%s': say { %s }"):format(text, clause[2])
    end
  end
  local _, opened = text:gsub("%(", "")
  local _, closed = text:gsub("%)", "")
  if text:find(";", 1, true) or text:find("--", 1, true) or opened ~= closed then
    return nil, ("must be the name of a type, got '%s'"):format(text)
  end
  return node.new("type", { name = "plain", text = text })
end

kinds.add("type", {
  takes = "string node",
  what = "a type (sql.integer, sql.string(50), \"varchar(50)\")",
  lua = "luamig.type",
  read = function(value)
    if type(value) == "string" then
      return read_plain(value)
    end
    if node.of(value) ~= "type" then
      return nil, ("must be a type, got sql.%s"):format(node.of(value))
    end
    local resolved = node.resolve(value)
    if resolved.incomplete then
      return nil, ("must be called: %s"):format(resolved.incomplete)
    end
    return resolved
  end,
})

local function make(definition, read)
  read.name = definition.name
  return node.new("type", read)
end

local function needs_arguments(definition)
  for _, field in ipairs(definition.fields) do
    if field.required then
      return arguments.signature(definition)
    end
  end
  return nil
end

local function word(definition)
  local bare = make(definition, { incomplete = needs_arguments(definition) })
  return node.word(bare, function(...)
    return make(definition, arguments.read(definition, select("#", ...), { ... }))
  end)
end

--- The words by name, and their declarations by name.
types.words, types.by_name = {}, {}
for _, definition in ipairs(types.list) do
  definition.node = "type"
  definition.label = "sql." .. definition.name
  definition.fields = definition.fields or {}
  arguments.define(definition)
  types.words[definition.name] = word(definition)
  types.by_name[definition.name] = definition
end

--- The type that the arguments of `sql.<name>` mean, from fields read already.
function types.make(name, read)
  return make(types.by_name[name], read)
end

local INTEGERS = { integer = true, bigint = true, smallint = true, int = true }

--- Whether a type is a whole number: such a primary key numbers itself.
---@param t table
---@return boolean
function types.is_integer(t)
  return INTEGERS[t.name == "plain" and t.text:lower() or t.name] or false
end

return types
