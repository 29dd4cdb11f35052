-- Everything in a database of PostgreSQL that an operation makes, one object a line.
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), tables AS (
  SELECT c.* FROM pg_class c JOIN spaces n ON n.oid = c.relnamespace
)
SELECT format('relation %s %s %s %s %s %s', oid::regclass, relkind, relpersistence, reloptions,
    obj_description(oid, 'pg_class'), pg_get_partkeydef(oid))
    || CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) ELSE '' END AS line
  FROM tables
UNION ALL SELECT format('column %s.%s %s %s %s %s %s %s', a.attrelid::regclass, a.attname,
    format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))
  FROM tables c JOIN pg_attribute a ON a.attrelid = c.oid AND c.relkind IN ('r', 'p')
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname,
    pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid IN (SELECT oid FROM tables)
UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index
 WHERE indrelid IN (SELECT oid FROM tables)
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger
 WHERE tgrelid IN (SELECT oid FROM tables) AND NOT tgisinternal
UNION ALL SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc
 WHERE pronamespace IN (SELECT oid FROM spaces) AND prokind IN ('f', 'p')
UNION ALL SELECT format('enum %s %s', enumtypid::regtype, enumlabel) FROM pg_enum
UNION ALL SELECT 'sequence ' || s::text FROM pg_sequences s
UNION ALL SELECT 'extension ' || extname FROM pg_extension
UNION ALL SELECT 'schema ' || nspname FROM spaces
ORDER BY 1;
