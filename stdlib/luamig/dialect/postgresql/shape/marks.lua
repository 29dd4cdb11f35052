--- What only the catalogs say of a constraint, an index, a column or an enum, and what is lost when
-- it is made anew: as statements that give it back, in which stand
--   \1 the table, \2 the name of the thing, \3 the name with its schema.
-- These are pieces of queries: each an array of texts.
local marks = {}

-- Of an index: x is its row of pg_index, i that of pg_class.
local INDEX = [[
  SELECT 1 AS place, pg_catalog.format(E'ALTER INDEX \x03 SET TABLESPACE %%I', s.spcname) AS sql
    FROM pg_catalog.pg_tablespace AS s WHERE s.oid = i.reltablespace
  UNION ALL SELECT 2, E'ALTER TABLE \x01 CLUSTER ON \x02' WHERE x.indisclustered
  UNION ALL SELECT 3, E'ALTER TABLE \x01 REPLICA IDENTITY USING INDEX \x02' WHERE x.indisreplident
  UNION ALL
  SELECT 4, pg_catalog.format(E'ALTER INDEX \x03 ALTER COLUMN %%s SET STATISTICS %%s',
           p.attnum, p.attstattarget)
    FROM pg_catalog.pg_attribute AS p WHERE p.attrelid = i.oid AND p.attstattarget >= 0]]

--- What an index has beside what CREATE INDEX says.
marks.INDEX = ("ARRAY(SELECT m.sql FROM (%s) AS m ORDER BY m.place, m.sql)"):format(INDEX)

--- Its comment.
marks.INDEX_COMMENT = [[
  CASE WHEN pg_catalog.obj_description(i.oid, 'pg_class') IS NOT NULL THEN
    ARRAY[pg_catalog.format(E'COMMENT ON INDEX \x03 IS %%L',
      pg_catalog.obj_description(i.oid, 'pg_class'))] END]]

--- The comments of a constraint (k) and of its index.
marks.CONSTRAINT_COMMENTS = [[
  ARRAY(SELECT m.sql FROM (
    SELECT 1 AS place, pg_catalog.format(E'COMMENT ON CONSTRAINT \x02 ON \x01 IS %%L',
             pg_catalog.obj_description(k.oid, 'pg_constraint')) AS sql
     WHERE pg_catalog.obj_description(k.oid, 'pg_constraint') IS NOT NULL
    UNION ALL
    SELECT 2, pg_catalog.format(E'COMMENT ON INDEX \x03 IS %%L',
             pg_catalog.obj_description(i.oid, 'pg_class'))
     WHERE pg_catalog.obj_description(i.oid, 'pg_class') IS NOT NULL) AS m ORDER BY m.place)]]

--- How the values of a column (a, of the type t) are kept, where that is not its type's way.
marks.STORAGE = [[
  ARRAY(SELECT pg_catalog.format(E'ALTER TABLE \x01 ALTER COLUMN \x02 SET %%s', m.what)
    FROM (VALUES
      (CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage
         WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
         ELSE 'EXTENDED' END END),
      (CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz'
         WHEN 'l' THEN 'COMPRESSION lz4' END)) AS m(what)
   WHERE m.what IS NOT NULL)]]

local GRANTS = [[
  SELECT pg_catalog.format(E'GRANT %%s ON \x01 TO %%s%%s',
           pg_catalog.string_agg(g.privilege_type || E' (\x02)', ', ' ORDER BY g.privilege_type),
           CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
           CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS sql
    FROM pg_catalog.aclexplode(a.attacl) AS g
   GROUP BY g.grantee, g.is_grantable]]

--- What else goes with a column: its statistics and rights.
marks.COLUMN = ([[
  ARRAY(SELECT m.sql FROM (
    SELECT pg_catalog.format(E'ALTER TABLE \x01 ALTER COLUMN \x02 SET STATISTICS %%s',
             a.attstattarget) AS sql
     WHERE a.attstattarget >= 0
    UNION ALL
    SELECT pg_catalog.format(E'ALTER TABLE \x01 ALTER COLUMN \x02 SET (%%s)',
             pg_catalog.string_agg(pg_catalog.format('%%s=%%L', o.option_name, o.option_value),
               ', '))
      FROM pg_catalog.pg_options_to_table(a.attoptions) AS o
    HAVING count(*) > 0
    UNION ALL (@GRANTS)) AS m ORDER BY m.sql)]]):gsub("@GRANTS", function()
  return GRANTS
end)

--- What goes with a type (t): its owner, rights and comment.
marks.TYPE = [[
  ARRAY(SELECT m.sql FROM (
    SELECT 1 AS place,
           pg_catalog.format(E'ALTER TYPE \x03 OWNER TO %%s', t.typowner::regrole) AS sql
     WHERE t.typowner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
    UNION ALL
    SELECT 2, E'REVOKE USAGE ON TYPE \x03 FROM PUBLIC'
     WHERE t.typacl IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM pg_catalog.aclexplode(t.typacl) AS g WHERE g.grantee = 0)
    UNION ALL
    SELECT 3, pg_catalog.format(E'GRANT USAGE ON TYPE \x03 TO %%s%%s', g.grantee::regrole,
             CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM pg_catalog.aclexplode(t.typacl) AS g
     WHERE g.grantee <> 0 AND g.grantee <> t.typowner
    UNION ALL
    SELECT 4, pg_catalog.format(E'COMMENT ON TYPE \x03 IS %%L',
             pg_catalog.obj_description(t.oid, 'pg_type'))
     WHERE pg_catalog.obj_description(t.oid, 'pg_type') IS NOT NULL) AS m ORDER BY m.place, m.sql)]]

return marks
