-- on: postgres
-- Temporary and early tables of the books' names, and functions that luamig's own statements might call.
for _, text in ipairs({
  "CREATE TEMP TABLE books_version (version_num text)", "INSERT INTO pg_temp.books_version VALUES ('good'), ('bad')",
  "CREATE TEMP VIEW books_history AS SELECT 1 AS id", "SET search_path = pg_temp, public",
  "CREATE SCHEMA early", "CREATE TABLE early.books_version (version_num text)",
  "SET search_path = early, public, pg_catalog",
  "CREATE FUNCTION early.array_agg(text) RETURNS text LANGUAGE sql AS 'SELECT ''{good}'''",
  "CREATE FUNCTION early.coalesce(text, text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
  "CREATE FUNCTION early.to_regclass(text) RETURNS regclass LANGUAGE sql AS 'SELECT 0::regclass'",
  "CREATE FUNCTION early.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT $2'",
  "CREATE FUNCTION early.current_setting(text) RETURNS text LANGUAGE sql AS 'SELECT ''early'''",
  "CREATE FUNCTION early.concat_ws(text, variadic text[]) RETURNS text LANGUAGE sql AS 'SELECT ''x'''",
  "CREATE TYPE early.text AS (a int)", "CREATE DOMAIN early.int4 AS pg_catalog.int4 CHECK (false)",
  "SET luamig.search_path = 'early'", "SET luamig.quoting = 'on'",
  "ALTER TABLE public.books_version RENAME TO other", "CREATE TABLE public.books_version (version_num text)",
  "INSERT INTO public.books_version VALUES ('bad')",
}) do
  pcall(db.execute, db, text)
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE replace($q$" .. text .. "$q$, 'books_', 'luamig_'); END $d$")
end
-- It is luamig that has to refuse.
return nil
