--- What the database holds: tables, columns, indexes, references, asked of its catalogs. Plain
-- tables, in a fixed order. A name that is not there gives an empty list.
local core = require("luamig.core")
local item_kinds = require("luamig.sql.item_kinds")
local strict = require("luamig.strict")

local reflect = {}

local function catalog()
  return require("luamig.dialect." .. core.dialect() .. ".reflect")
end

-- `db` hands on what a migration gave it.
local function want_name(value, what, asked)
  if type(value) ~= "string" then
    core.fail(("%s: '%s' must be a string, got %s"):format(asked, what, core.type(value)))
  end
end

local function want_schema(schema, asked)
  if schema ~= nil then
    want_name(schema, "schema", asked)
  end
end

--- The names of the tables, sorted, without those of the database and of luamig itself. Without a
-- schema: where the database looks.
---@param schema? string
---@return string[]
function reflect.tables(schema)
  want_schema(schema, "tables")
  local names = catalog().tables(schema)
  return names
end

---@param name string
---@param schema? string
---@return boolean
function reflect.has_table(name, schema)
  want_name(name, "name", "has_table")
  want_schema(schema, "has_table")
  local found = catalog().has_table(name, schema)
  return found
end

--- An error where there is no such table. `said`: who asks for it ("backfill").
---@param name string
---@param schema string?
---@param said string
function reflect.require_table(name, schema, said)
  if not reflect.has_table(name, schema) then
    core.fail(("%s: there is no table '%s'%s"):format(said, name,
      strict.did_you_mean(name, reflect.tables(schema))))
  end
end

--- The columns in their order: name, type, nullable, default (the database's text, or nil),
-- primary_key (its place in the key, or nil).
---@param table_name string
---@param schema? string
---@return luamig.column_facts[]
function reflect.columns(table_name, schema)
  want_name(table_name, "table", "columns")
  want_schema(schema, "columns")
  local columns = catalog().columns(table_name, schema)
  return columns
end

---@param table_name string
---@param column string
---@param schema? string
---@return boolean
function reflect.has_column(table_name, column, schema)
  want_name(table_name, "table", "has_column")
  want_name(column, "column", "has_column")
  want_schema(schema, "has_column")
  for _, one in ipairs(catalog().columns(table_name, schema)) do
    if one.name == column then
      return true
    end
  end
  return false
end

--- The indexes by name, without the primary key's: name, unique, columns (an expression is ""),
-- constraint ("UNIQUE", or "EXCLUDE" on PostgreSQL, where the index is a constraint's, else nil).
---@param table_name string
---@param schema? string
---@return luamig.index_facts[]
function reflect.indexes(table_name, schema)
  want_name(table_name, "table", "indexes")
  want_schema(schema, "indexes")
  local indexes = catalog().indexes(table_name, schema)
  return indexes
end

--- The foreign keys that refer to a table, or to one column of it ("users.id"), by table and
-- column: table, column, references (the column referred to), same_table, and on PostgreSQL schema
-- and name.
---@param target string
---@param schema? string
---@return luamig.reference_facts[]
function reflect.references_to(target, schema)
  want_name(target, "target", "references_to")
  want_schema(schema, "references_to")
  local wanted = item_kinds.parse_reference(target)
  local list = {}
  if not wanted then
    return catalog().references_to(target, schema)
  end
  for _, one in ipairs(catalog().references_to(wanted.table, wanted.schema or schema)) do
    if one.references == wanted.column then
      list[#list + 1] = one
    end
  end
  return list
end

--- The triggers of a table or view: name, and what brings each back to act (see the dialects).
---@param table_name string
---@param schema? string
---@return table[]
function reflect.triggers(table_name, schema)
  local triggers = catalog().triggers(table_name, schema)
  return triggers
end

--- Whether a table has no row.
---@return boolean
function reflect.is_empty(table_name, schema)
  local empty = not catalog().has_row(table_name, schema)
  return empty
end

--- Whether it is a STRICT table of SQLite.
---@return boolean
function reflect.is_strict(table_name, schema)
  local found = catalog().is_strict(table_name, schema)
  return found
end

return reflect
