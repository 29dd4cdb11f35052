--- PostgreSQL's catalogs.
local catalog = require("luamig.dialect.catalog")

local reflect = {}

-- Without a schema a table is the one that its bare name means.
local function here(schema)
  return schema and "n.nspname = :s" or "pg_catalog.pg_table_is_visible(c.oid)"
end

local function params(table_name, schema)
  return { t = table_name, s = schema }
end

local TABLE = [[
      FROM pg_catalog.pg_class AS c
      JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace]]

function reflect.tables(schema)
  local names = catalog.list(([[
    SELECT c.relname AS name
%s
     WHERE c.relkind IN ('r', 'p') AND %s
       AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_t%%'
       AND c.relname NOT LIKE 'luamig\_%%'
     ORDER BY c.relname COLLATE "C"]]):format(TABLE, here(schema)), { s = schema }, function(row)
    return row.name
  end)
  return names
end

function reflect.has_table(name, schema)
  local found = catalog.exists(([[
    SELECT 1
%s
     WHERE c.relkind IN ('r', 'p', 'f') AND c.relname = :t AND %s]]):format(TABLE, here(schema)),
    params(name, schema))
  return found
end

function reflect.columns(table_name, schema)
  local columns = catalog.list(([[
    SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
           a.attnotnull AS not_null, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_text,
           array_position(k.conkey, a.attnum) AS place,
           CASE WHEN t.typoutput = 'pg_catalog.byteaout'::regproc THEN 'bytes'
                WHEN 'bytea[]'::regtype IN (t.oid, t.typbasetype) THEN 'byte_items' END AS rule
%s
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
      JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
      LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname = :t AND %s
     ORDER BY a.attnum]]):format(TABLE, here(schema)), params(table_name, schema), function(row)
    return {
      name = row.name,
      type = row.type,
      nullable = not row.not_null,
      default = row.default_text,
      primary_key = row.place,
      rule = row.rule, -- for bytes, by a domain too
    }
  end)
  return columns
end

local CONSTRAINTS = { u = "UNIQUE", x = "EXCLUDE" }

function reflect.indexes(table_name, schema)
  local rows = catalog.list(([[
    SELECT i.relname AS name, x.indisunique AS is_unique, k.contype::text AS contype,
           a.attname AS col
%s
      JOIN pg_catalog.pg_index AS x ON x.indrelid = c.oid
      JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
      LEFT JOIN pg_catalog.pg_constraint AS k
        ON k.conindid = i.oid AND k.contype IN ('u', 'x')
     CROSS JOIN LATERAL generate_series(1, x.indnkeyatts) AS part(place)
      LEFT JOIN pg_catalog.pg_attribute AS a
        ON a.attrelid = c.oid AND a.attnum = x.indkey[part.place - 1] AND a.attnum > 0
     WHERE NOT x.indisprimary AND c.relname = :t AND %s
     ORDER BY i.relname COLLATE "C", part.place]]):format(TABLE, here(schema)),
    params(table_name, schema), function(row)
      return {
        name = row.name,
        unique = row.is_unique,
        constraint = row.contype and CONSTRAINTS[row.contype],
        column = row.col,
      }
    end)
  return catalog.gather_indexes(rows)
end

-- A partition's foreign key is its parent's.
function reflect.references_to(table_name, schema)
  local list = catalog.list(([[
    SELECT r.relname AS name, s.nspname AS schema, k.conname AS constraint_name,
           a.attname AS col, b.attname AS target, r.oid = c.oid AS same
%s
      JOIN pg_catalog.pg_constraint AS k ON k.confrelid = c.oid AND k.contype = 'f'
      JOIN pg_catalog.pg_class AS r ON r.oid = k.conrelid
      JOIN pg_catalog.pg_namespace AS s ON s.oid = r.relnamespace
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS part(source, target)
      JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = part.source
      JOIN pg_catalog.pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = part.target
     WHERE k.conparentid = 0 AND c.relname = :t AND %s
     ORDER BY r.relname COLLATE "C", a.attname COLLATE "C"]]):format(TABLE, here(schema)),
    params(table_name, schema), function(row)
      return {
        table = row.name,
        schema = row.schema,
        column = row.col,
        name = row.constraint_name,
        references = row.target,
        same_table = row.same or nil,
      }
    end)
  return list
end

-- What ALTER TABLE says for what the catalog holds; "D": it rests already.
local STATES = { O = "ENABLE", R = "ENABLE REPLICA", A = "ENABLE ALWAYS" }

--- Without those of constraints. `enable`: the words that make it act again, nil where it rests.
function reflect.triggers(table_name, schema)
  local list = catalog.list(([[
    SELECT g.tgname AS name, g.tgenabled::text AS state
%s
      JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = c.oid
     WHERE NOT g.tgisinternal AND c.relname = :t AND %s
     ORDER BY g.tgname COLLATE "C"]]):format(TABLE, here(schema)), params(table_name, schema),
    function(row)
      return { name = row.name, enable = STATES[row.state] }
    end)
  return list
end

reflect.has_row = catalog.has_row

function reflect.is_strict()
  return false
end

return reflect
