--- What a table has, as statements that give it to another one.
local catalog = require("luamig.dialect.catalog")
local core = require("luamig.core")

local carried = {}

-- Runs the statements that a query gives, in which @name stands for a text.
local function run_all(query, texts)
  local sql = query:gsub("@(%l+)", function(name)
    return core.quote(texts[name])
  end)
  local statements = catalog.list(sql, {}, function(row)
    return row.sql
  end)
  return function()
    for _, statement in ipairs(statements) do
      core.emit(statement)
    end
  end
end

-- What CREATE TABLE … LIKE leaves out of the columns.
local SETTINGS = [[
  SELECT pg_catalog.format('ALTER TABLE %s ALTER COLUMN %I %s', @new, attname, what) AS sql
    FROM pg_catalog.pg_attribute AS a
   CROSS JOIN LATERAL (VALUES
     (CASE WHEN attstattarget >= 0
           THEN pg_catalog.format('SET STATISTICS %s', attstattarget) END),
     (CASE WHEN attoptions IS NOT NULL THEN (
       SELECT pg_catalog.format('SET (%s)', pg_catalog.string_agg(
                pg_catalog.format('%s=%L', o.option_name, o.option_value), ', '))
         FROM pg_catalog.pg_options_to_table(a.attoptions) AS o) END)) AS settings (what)
   WHERE attrelid = to_regclass(@old) AND attnum > 0 AND NOT attisdropped AND what IS NOT NULL]]

-- What the table has, once it is loaded and has its name: indexes and constraints in the order in
-- which they were made, then marks and comments.
local REST = [[
WITH t AS (SELECT * FROM pg_catalog.pg_class WHERE oid = to_regclass(@old)),
i AS (
  SELECT x.*, c.relname, k.conname, k.contype, k.oid AS constraint_oid
    FROM t JOIN pg_catalog.pg_index AS x ON x.indrelid = t.oid
    JOIN pg_catalog.pg_class AS c ON c.oid = x.indexrelid
    LEFT JOIN pg_catalog.pg_constraint AS k
      ON k.conindid = x.indexrelid AND k.conrelid = t.oid AND k.contype IN ('p', 'u', 'x')),
made (place, n, sql) AS (
  SELECT 1, indexrelid, CASE WHEN contype = 'x'
           THEN pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', @whole,
                  conname, pg_catalog.pg_get_constraintdef(constraint_oid))
           ELSE pg_catalog.pg_get_indexdef(indexrelid) END FROM i
  UNION ALL
  SELECT 2, constraint_oid, pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %I',
           @whole, conname,
           CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END, relname)
    FROM i WHERE contype IN ('p', 'u')
  UNION ALL
  SELECT 3, k.oid, pg_catalog.format('ALTER TABLE %s ADD CONSTRAINT %I %s', @whole,
           k.conname, pg_catalog.pg_get_constraintdef(k.oid))
    FROM t JOIN pg_catalog.pg_constraint AS k ON k.conrelid = t.oid AND k.contype = 'f'
  UNION ALL
  SELECT 4, indexrelid, pg_catalog.format('ALTER TABLE %s CLUSTER ON %I', @whole, relname)
    FROM i WHERE indisclustered
  UNION ALL
  SELECT 5, 0, pg_catalog.format('ALTER TABLE %s REPLICA IDENTITY %s', @whole,
           CASE relreplident
           WHEN 'n' THEN 'NOTHING' WHEN 'f' THEN 'FULL'
           ELSE (SELECT pg_catalog.format('USING INDEX %I', relname) FROM i
                  WHERE indisreplident) END)
    FROM t WHERE relreplident <> 'd'
  UNION ALL
  SELECT 6, a.attnum, pg_catalog.format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s',
           @schema, i.relname, a.attnum, a.attstattarget)
    FROM i JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indexrelid AND a.attstattarget >= 0
  UNION ALL
  SELECT 7, i.indexrelid, pg_catalog.format('COMMENT ON INDEX %I.%I IS %L', @schema,
           i.relname, pg_catalog.obj_description(i.indexrelid, 'pg_class'))
    FROM i WHERE pg_catalog.obj_description(i.indexrelid, 'pg_class') IS NOT NULL
  UNION ALL
  SELECT 8, k.oid, pg_catalog.format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, @whole,
           pg_catalog.obj_description(k.oid, 'pg_constraint'))
    FROM t JOIN pg_catalog.pg_constraint AS k ON k.conrelid = t.oid
   WHERE pg_catalog.obj_description(k.oid, 'pg_constraint') IS NOT NULL
  UNION ALL
  SELECT 9, 0, pg_catalog.format('COMMENT ON TABLE %s IS %L', @whole,
           pg_catalog.obj_description(t.oid, 'pg_class'))
    FROM t WHERE pg_catalog.obj_description(t.oid, 'pg_class') IS NOT NULL)
SELECT sql FROM made ORDER BY place, n]]

-- Statements that give one table or sequence the privileges of another, in their order; none where
-- it has them already.
local PRIVILEGES = [[
WITH old AS (
  SELECT coalesce(relacl, pg_catalog.acldefault(@sort, relowner)) AS acl
    FROM pg_catalog.pg_class WHERE oid = to_regclass(@old)),
new AS (
  SELECT coalesce(relacl, pg_catalog.acldefault(@sort, relowner)) AS acl
    FROM pg_catalog.pg_class WHERE oid = to_regclass(@new)),
made (place, n, sql) AS (
  SELECT 1, 0, pg_catalog.format('REVOKE ALL ON %s %s FROM %s', @word, @new,
           CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
    FROM (SELECT DISTINCT a.grantee FROM new, pg_catalog.aclexplode(new.acl) AS a) AS all_of_it
  UNION ALL
  SELECT 2, pg_catalog.min(a.n), pg_catalog.format('GRANT %s ON %s %s TO %s%s',
           pg_catalog.string_agg(a.privilege_type, ', ' ORDER BY a.n), @word, @new,
           CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
           CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM old, pg_catalog.aclexplode(old.acl) WITH ORDINALITY
           AS a (grantor, grantee, privilege_type, is_grantable, n)
   GROUP BY a.grantee, a.is_grantable)
SELECT sql FROM made WHERE (SELECT acl::text FROM old) <> (SELECT acl::text FROM new)
 ORDER BY place, n]]


local OWNER = [[
SELECT pg_catalog.format('ALTER TABLE %s OWNER TO %s', @new, o.relowner::regrole) AS sql
  FROM pg_catalog.pg_class AS o, pg_catalog.pg_class AS n
 WHERE o.oid = to_regclass(@old) AND n.oid = to_regclass(@new) AND o.relowner <> n.relowner]]

--- The settings of the columns of one table for another.
---@param old string as SQL writes it
---@param new string
function carried.settings(old, new)
  run_all(SETTINGS, { old = old, new = new })()
end

---@param old string as SQL writes it
---@param new string
function carried.owner(old, new)
  run_all(OWNER, { old = old, new = new })()
end

---@param word "TABLE"|"SEQUENCE"
---@param old string as SQL writes it
---@param new string
function carried.privileges(word, old, new)
  local sort = word == "TABLE" and "r" or "s"
  run_all(PRIVILEGES, { word = word, sort = sort, old = old, new = new })()
end

--- Indexes, constraints, marks and comments of a table, to be given to the one that will have its
-- name.
---@param schema string
---@param whole string the table as SQL writes it
---@return fun() give
function carried.rest(schema, whole)
  return run_all(REST, { old = whole, whole = whole, schema = schema })
end

return carried
