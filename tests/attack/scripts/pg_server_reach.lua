-- on: postgres
-- Files, programs and other servers, by texts that the server puts together.
local function built(text)
  return "DO $d$ BEGIN EXECUTE replace($q$" .. text:gsub("_", "@") .. "$q$, '@', '_'); END $d$"
end
for _, text in ipairs({
  "COPY kept FROM PROGRAM 'id'", "COPY kept TO PROGRAM 'id'", "COPY kept FROM '/etc/passwd'",
  "SELECT pg_read_file('/etc/passwd')", "SELECT pg_read_binary_file('/etc/passwd')", "SELECT pg_ls_dir('/')",
  "SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/x')", "SELECT pg_file_write('/tmp/x', 'x', false)",
  "CREATE EXTENSION file_fdw", "CREATE EXTENSION dblink", "CREATE EXTENSION plpython3u", "CREATE EXTENSION postgres_fdw",
  "LOAD '/tmp/x.so'", "CREATE FUNCTION c() RETURNS int LANGUAGE c AS '/tmp/x.so'",
  "CREATE FUNCTION i() RETURNS int LANGUAGE internal AS 'pg_reload_conf'",
  "ALTER SYSTEM SET archive_command = 'id'", "SET session_preload_libraries = 'x'", "SET local_preload_libraries = 'x'",
  "SET dynamic_library_path = '/tmp'", "SELECT set_config('session_authorization', 'postgres', false)",
  "SELECT set_config('role', 'postgres', false)", "SET SESSION AUTHORIZATION postgres", "SET ROLE postgres",
  "ALTER ROLE CURRENT_USER SUPERUSER", "GRANT postgres TO CURRENT_USER", "CREATE ROLE evil SUPERUSER",
  "ALTER DATABASE postgres SET search_path = x", "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p",
  "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw", "CREATE TABLESPACE t LOCATION '/tmp'",
  "SELECT pg_reload_conf()", "SELECT pg_rotate_logfile()", "SELECT pg_switch_wal()", "SELECT pg_stat_reset()",
  "SELECT pg_create_restore_point('x')", "SELECT pg_logical_emit_message(true, 'x', 'y')",
  "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION x()", "NOTIFY luamig, 'x'", "LISTEN x",
  "SELECT pg_advisory_lock(1)", "PREPARE TRANSACTION 'x'", "DISCARD ALL", "DEALLOCATE ALL", "CLOSE ALL", "RESET ALL",
  "SET search_path = pg_temp, public", "SET search_path = ''", "SET quote_all_identifiers = on",
}) do
  for _, sql in ipairs({ text, built(text) }) do
    pcall(db.execute, db, sql)
    pcall(op.execute, sql)
  end
end
if db:scalar("SELECT usesuper FROM pg_user WHERE usename = current_user") == true then escaped("superuser") end
if db:scalar("SELECT count(*) FROM pg_roles WHERE rolname = 'evil'") ~= 0 then escaped("a role") end
