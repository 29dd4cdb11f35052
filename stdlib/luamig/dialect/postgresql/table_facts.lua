--- All that the server's catalogs say of a table, by names: two tables of which the same is said
-- are the same to everybody but for their rows.
local catalog = require("luamig.dialect.catalog")

local table_facts = {}

-- What has a number of its own in the catalogs (oids, files, the places of columns behind dropped
-- ones) is not part of it, nor the positions of sequences, which others may move.
local QUERY = [[
WITH t AS (
  SELECT c.*, n.nspname FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.oid = pg_catalog.to_regclass(:name)),
facts (what, said) AS (
  SELECT 'the table', ROW(nspname, relname, relowner::regrole, relkind,
           relpersistence, relam, reltablespace, reloftype, relreplident, relrowsecurity,
           relforcerowsecurity, relispartition, relchecks,
           coalesce(relacl, pg_catalog.acldefault('r', relowner))::text, reloptions::text,
           (SELECT o.reloptions::text FROM pg_catalog.pg_class AS o WHERE o.oid = t.reltoastrelid),
           pg_catalog.obj_description(oid, 'pg_class'))::text
    FROM t
  UNION ALL
  SELECT 'the column ' || a.attname, pg_catalog.concat_ws(' | ',
           pg_catalog.row_number() OVER (ORDER BY a.attnum),
           pg_catalog.format_type(a.atttypid, a.atttypmod), a.attcollation, a.attnotnull,
           pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage,
           a.attcompression, coalesce(a.attstattarget, -1), a.attoptions::text, a.attacl::text,
           a.attislocal, a.attinhcount, pg_catalog.col_description(t.oid, a.attnum))
    FROM t JOIN pg_catalog.pg_attribute AS a
      ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = t.oid AND d.adnum = a.attnum
  UNION ALL
  SELECT 'the constraint ' || k.conname, ROW(k.contype,
           pg_catalog.pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated,
           k.conislocal, k.connoinherit, i.relname,
           pg_catalog.obj_description(k.oid, 'pg_constraint'))::text
    FROM t JOIN pg_catalog.pg_constraint AS k ON k.conrelid = t.oid
    LEFT JOIN pg_catalog.pg_class AS i ON i.oid = k.conindid
  UNION ALL
  SELECT 'the index ' || c.relname, ROW(c.relowner::regrole,
           pg_catalog.pg_get_indexdef(c.oid), i.indisunique, i.indisprimary, i.indisexclusion,
           i.indimmediate, i.indisclustered, i.indisvalid, i.indisreplident, c.relpersistence,
           c.reltablespace, c.reloptions::text,
           (SELECT pg_catalog.string_agg(coalesce(a.attstattarget, -1)::text, ' ' ORDER BY a.attnum)
              FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.oid),
           pg_catalog.obj_description(c.oid, 'pg_class'))::text
    FROM t JOIN pg_catalog.pg_index AS i ON i.indrelid = t.oid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
  UNION ALL
  SELECT 'the sequence ' || c.relname, ROW(n.nspname, a.attname, d.deptype,
           c.relowner::regrole, c.relpersistence, s.seqtypid, s.seqstart, s.seqincrement, s.seqmax,
           s.seqmin, s.seqcache, s.seqcycle,
           coalesce(c.relacl, pg_catalog.acldefault('s', c.relowner))::text,
           pg_catalog.obj_description(c.oid, 'pg_class'))::text
    FROM t JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_class'::regclass
      AND d.refobjid = t.oid AND d.classid = 'pg_catalog.pg_class'::regclass
      AND d.deptype IN ('a', 'i')
    JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = d.objid
    JOIN pg_catalog.pg_class AS c ON c.oid = d.objid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
  UNION ALL
  SELECT 'what depends on it', pg_catalog.concat_ws(' | ',
           pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid), d.deptype,
           (SELECT a.attname FROM pg_catalog.pg_attribute AS a
             WHERE a.attrelid = t.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0))
    FROM t JOIN pg_catalog.pg_depend AS d ON d.refclassid = 'pg_catalog.pg_class'::regclass
      AND d.refobjid = t.oid AND d.objid <> t.reltoastrelid
  UNION ALL
  SELECT 'its triggers', pg_catalog.count(*)::text || pg_catalog.min(g.tgenabled)
           || pg_catalog.max(g.tgenabled)
    FROM t JOIN pg_catalog.pg_trigger AS g ON g.tgrelid = t.oid
  UNION ALL
  SELECT 'the publication ' || p.pubname, ''
    FROM t JOIN pg_catalog.pg_publication_tables AS p
      ON p.schemaname = t.nspname AND p.tablename = t.relname
  UNION ALL
  SELECT 'the security label of ' || l.provider, l.label
    FROM t JOIN pg_catalog.pg_seclabel AS l ON l.objoid = t.oid
)
SELECT what, coalesce(said, '') AS said FROM facts ORDER BY what, said]]

--- What is said of a table, in order.
---@param name string as SQL writes it
---@return { what: string, said: string }[]
function table_facts.of(name)
  return catalog.list(QUERY, { name = name }, function(row)
    return { what = row.what, said = row.said }
  end)
end

--- The first thing that is said of one and not of the other, or nil.
---@param one { what: string, said: string }[]
---@param other { what: string, said: string }[]
---@return string?
function table_facts.difference(one, other)
  for i = 1, math.max(#one, #other) do
    local a, b = one[i], other[i]
    if not (a and b) or a.what ~= b.what then
      return (a or b).what
    elseif a.said ~= b.said then
      return a.what
    end
  end
end

return table_facts
