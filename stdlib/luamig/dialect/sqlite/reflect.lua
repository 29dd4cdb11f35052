--- SQLite's catalogs: sqlite_schema and the table-valued pragmas.
local catalog = require("luamig.dialect.catalog")
local ident = require("luamig.dialect.ident")

local reflect = {}

local function schema_table(schema)
  return ident.qualified(schema or "main", "sqlite_schema")
end

local function params(table_name, schema)
  return { t = table_name, s = schema or "main" }
end

local function tables_of(_, schema)
  local names = catalog.list(([[
    SELECT name FROM %s
     WHERE type = 'table' AND name NOT LIKE 'sqlite\_%%' ESCAPE '\'
       AND name NOT LIKE 'luamig\_%%' ESCAPE '\'
     ORDER BY name]]):format(schema_table(schema)), {}, function(row)
    return row.name
  end)
  return names
end

function reflect.has_table(name, schema)
  local found = catalog.exists(([[
    SELECT 1 FROM %s WHERE type = 'table' AND lower(name) = lower(:t)]]):format(
    schema_table(schema)), { t = name })
  return found
end

-- hidden = 1 is a column of a virtual table that SELECT * leaves out.
function reflect.columns(table_name, schema)
  local columns = catalog.list([[
    SELECT name, type, "notnull" AS not_null, dflt_value, pk
      FROM pragma_table_xinfo(:t, :s)
     WHERE hidden <> 1
     ORDER BY cid]], params(table_name, schema), function(row)
    return {
      name = row.name,
      type = row.type,
      nullable = row.not_null == 0 and row.pk == 0,
      default = row.dflt_value,
      primary_key = row.pk > 0 and row.pk or nil,
    }
  end)
  return columns
end

function reflect.indexes(table_name, schema)
  local rows = catalog.list([[
    SELECT l.name AS name, l."unique" AS is_unique, l.origin AS origin, i.name AS col
      FROM pragma_index_list(:t, :s) AS l
      JOIN pragma_index_info(l.name, :s) AS i
     WHERE l.origin <> 'pk'
     ORDER BY l.name, i.seqno]], params(table_name, schema), function(row)
    return {
      name = row.name,
      unique = row.is_unique == 1,
      constraint = row.origin == "u" and "UNIQUE" or nil,
      column = row.col,
    }
  end)
  return catalog.gather_indexes(rows)
end

-- A reference that names no column means the primary key.
local function key_of(table_name, schema)
  local key = catalog.primary_key(reflect.columns(table_name, schema))
  return key
end

function reflect.references_to(table_name, schema)
  local key = key_of(table_name, schema)
  local list = catalog.list(([[
    SELECT m.name AS name, f."from" AS col, f."to" AS target, f.seq AS seq,
           lower(m.name) = lower(:t) AS same
      FROM %s AS m
      JOIN pragma_foreign_key_list(m.name, :s) AS f
     WHERE m.type = 'table' AND lower(f."table") = lower(:t)
     ORDER BY m.name, f."from"]]):format(schema_table(schema)), params(table_name, schema),
    function(row)
      return {
        table = row.name,
        column = row.col,
        references = row.target or key[row.seq + 1],
        same_table = row.same == 1 or nil,
      }
    end)
  return list
end

-- The stored text begins with "CREATE TRIGGER" and the bare name, whatever was written.
local function trigger_text(row)
  return "CREATE TRIGGER " .. row.db .. "." .. row.sql:sub(#"CREATE TRIGGER " + 1)
end

--- In the order in which they were made, with the text that makes each anew. A temporary trigger
-- may stand on a table of any schema.
function reflect.triggers(table_name, schema)
  local list = catalog.list(([[
    SELECT :s AS db, name, sql, rowid AS at FROM %s
     WHERE type = 'trigger' AND lower(tbl_name) = lower(:t)
    UNION ALL
    SELECT 'temp', name, sql, rowid FROM sqlite_temp_schema
     WHERE type = 'trigger' AND lower(tbl_name) = lower(:t) AND :s <> 'temp'
     ORDER BY db, at]]):format(schema_table(schema)), params(table_name, schema), function(row)
    return { name = row.name, schema = row.db, sql = trigger_text(row) }
  end)
  return list
end

-- A schema that is not attached holds nothing; asked for it by name, SQLite fails.
local function is_attached(schema)
  local found = catalog.exists([[
    SELECT 1 FROM pragma_database_list WHERE lower(:s) IN (name, 'temp')]], { s = schema })
  return found
end

local function where_attached(ask, none)
  return function(name, schema)
    if schema and not is_attached(schema) then
      return none()
    end
    return ask(name, schema)
  end
end

local function nothing()
  return {}
end

for _, name in ipairs({ "columns", "indexes", "references_to", "triggers" }) do
  reflect[name] = where_attached(reflect[name], nothing)
end
reflect.has_table = where_attached(reflect.has_table, function()
  return false
end)

local tables = where_attached(tables_of, nothing)

function reflect.tables(schema)
  return tables(nil, schema)
end

reflect.has_row = catalog.has_row

function reflect.is_strict(table_name, schema)
  local found = catalog.exists([[
    SELECT 1 FROM pragma_table_list
     WHERE schema = :s AND lower(name) = lower(:t) AND strict = 1]], params(table_name, schema))
  return found
end

return reflect
