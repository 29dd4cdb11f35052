--- What the types are called in SQLite. A declared type is there for readers and for its affinity,
-- so every name has the affinity that loses nothing: a UUID or JSON document made of digits stays
-- text, an INTERVAL (which holds "INT") would not.
local common = require("luamig.dialect.common")
local core = require("luamig.core")

local types = {}

local NAMES = {
  integer = "INTEGER",
  bigint = "BIGINT",
  smallint = "SMALLINT",
  string = "VARCHAR",
  char = "CHAR",
  text = "TEXT",
  citext = "TEXT COLLATE NOCASE",
  boolean = "BOOLEAN",
  float = "DOUBLE",
  double = "DOUBLE",
  real = "REAL",
  numeric = "NUMERIC",
  date = "DATE",
  time = "TIME",
  datetime = "DATETIME",
  timestamp = "DATETIME",
  timestamptz = "TIMESTAMP",
  interval = "TEXT",
  uuid = "CHAR(36)",
  binary = "BLOB",
  json = "TEXT",
  jsonb = "TEXT",
  inet = "TEXT",
  enum = "TEXT",
}

-- A STRICT table knows INT, INTEGER, REAL, TEXT, BLOB and ANY.
local STRICT = {
  integer = "INTEGER",
  bigint = "INTEGER",
  smallint = "INTEGER",
  boolean = "INTEGER",
  float = "REAL",
  double = "REAL",
  real = "REAL",
  citext = "TEXT COLLATE NOCASE",
  binary = "BLOB",
}

local function strict_name(t)
  if t.name == "numeric" then
    return (t.precision and (t.scale or 0) == 0) and "INTEGER" or "REAL"
  end
  return STRICT[t.name] or "TEXT"
end

--- The name of a type. `is_strict`: for a STRICT table.
---@param t table
---@param is_strict boolean?
---@return string
function types.name(t, is_strict)
  if t.name == "plain" then
    return t.text
  elseif t.name == "array" then
    core.fail("sql.array: SQLite has no arrays", "sql.json keeps a list as text")
  elseif is_strict then
    return strict_name(t)
  end
  return NAMES[t.name] .. common.type_size(t)
end

--- The declared types by the words of `sql`, for the specs.
types.names = NAMES

return types
