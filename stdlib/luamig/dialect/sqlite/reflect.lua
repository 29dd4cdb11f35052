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

function reflect.tables(schema)
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
  local key = {}
  for _, column in ipairs(reflect.columns(table_name, schema)) do
    if column.primary_key then
      key[column.primary_key] = column.name
    end
  end
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

reflect.has_row = catalog.has_row

function reflect.is_strict(table_name, schema)
  local found = catalog.exists([[
    SELECT 1 FROM pragma_table_list
     WHERE schema = :s AND lower(name) = lower(:t) AND strict = 1]], params(table_name, schema))
  return found
end

return reflect
