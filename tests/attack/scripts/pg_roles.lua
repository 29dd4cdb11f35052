-- on: postgres
-- Somebody else.
for _, text in ipairs({ "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres",
  "SET LOCAL ROLE NONE", "RESET ROLE; SET ROLE postgres", "SELECT set_config('role', 'postgres', false)",
  "SELECT set_config('ro' || 'le', 'postgres', false)", "ALTER ROLE CURRENT_USER SUPERUSER",
  "GRANT postgres TO CURRENT_USER", "CREATE ROLE mine SUPERUSER", "GRANT pg_read_server_files TO CURRENT_USER",
  "DO $d$ BEGIN EXECUTE 'SET ROLE postgres'; END $d$",
  "DO $d$ BEGIN PERFORM set_config('session_authorization', 'postgres', false); END $d$",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET role = postgres AS 'SELECT 1'; "
    .. "SELECT f()" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
