-- on: postgres
-- Functions and operators of the script's, before the server's own.
for _, text in ipairs({ "CREATE SCHEMA evil",
  "CREATE FUNCTION evil.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
  "CREATE FUNCTION evil.yes(anyarray, anyarray) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
  "CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.yes)",
  "CREATE OPERATOR evil.= (LEFTARG = anyarray, RIGHTARG = anyarray, FUNCTION = evil.yes)",
  "CREATE TABLE evil.luamig_version (version_num text PRIMARY KEY)",
  "CREATE TABLE evil.shop AS SELECT 'bad' AS version_num",
  "SET search_path = evil, pg_catalog, public",
  "DO $d$ BEGIN EXECUTE replace('DELETE FROM books_version', 'books_', 'public.luamig_'); END $d$",
}) do
  pcall(db.execute, db, text)
end
-- It is luamig that has to refuse.
return nil
