-- on: postgres
-- Temporary things that are found first.
for _, text in ipairs({ "CREATE TEMP TABLE luamig_version (version_num text)",
  "CREATE TEMP TABLE kept (id int)", "CREATE FUNCTION pg_temp.now() RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
  "CREATE TEMP VIEW pg_class AS SELECT 1 AS oid", "CREATE TEMP TABLE pg_namespace (nspname text)",
  "SET search_path = pg_temp, public", "CREATE TEMP TABLE luamig_history (id int)" }) do
  pcall(db.execute, db, text)
end
