-- on: postgres
-- The server's files and its shell, by name and out of texts.
local texts = { "SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('/etc/passwd')",
  "SELECT pg_ls_dir('/')", "SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/x')",
  "COPY kept TO PROGRAM 'cat'", "COPY kept FROM PROGRAM 'cat /etc/passwd'",
  "COPY kept TO '/tmp/luamig_attack'", "COPY kept FROM '/etc/passwd'",
  "SELECT pg_stat_file('/etc/passwd')", "SELECT pg_catalog.pg_read_file('/etc/passwd')",
  "SELECT \"pg_read_file\"('/etc/passwd')", "ALTER SYSTEM SET archive_command = 'x'",
  "LOAD '/tmp/x.so'", "CREATE EXTENSION dblink", "CREATE EXTENSION file_fdw",
  "CREATE FUNCTION c() RETURNS int LANGUAGE c AS '/tmp/x', 'y'",
  "CREATE FUNCTION i(text) RETURNS text LANGUAGE internal AS 'pg_read_file'" }
for _, text in ipairs(texts) do
  if pcall(db.execute, db, text) then escaped(text) end
  local hidden = text:gsub("pg_", "p_"):gsub("PROGRAM", "PROG_")
  hidden = "DO $d$ BEGIN EXECUTE replace(replace($q$" .. hidden
    .. "$q$, 'p_', 'pg_'), 'PROG_', 'PROGRAM'); END $d$"
  if pcall(db.execute, db, hidden) then escaped(hidden) end
end
