--- What the types are called in PostgreSQL.
local common = require("luamig.dialect.common")
local ident = require("luamig.dialect.ident")

local types = {}

local NAMES = {
  integer = "integer",
  bigint = "bigint",
  smallint = "smallint",
  string = "varchar",
  char = "char",
  text = "text",
  citext = "citext",
  boolean = "boolean",
  float = "double precision",
  double = "double precision",
  real = "real",
  numeric = "numeric",
  date = "date",
  time = "time",
  datetime = "timestamp",
  timestamp = "timestamp",
  timestamptz = "timestamptz",
  interval = "interval",
  uuid = "uuid",
  binary = "bytea",
  json = "json",
  jsonb = "jsonb",
  inet = "inet",
}

--- The name of a type.
---@param t table
---@return string
function types.name(t)
  if t.name == "plain" then
    return t.text
  elseif t.name == "enum" then
    return ident.qualified(t.schema, t.type_name)
  elseif t.name == "array" then
    return types.name(t.of) .. "[]"
  end
  return NAMES[t.name] .. common.type_size(t)
end

--- The names by the words of `sql`, for the specs.
types.names = NAMES

return types
