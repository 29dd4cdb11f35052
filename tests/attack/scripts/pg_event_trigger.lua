-- on: postgres
-- What would watch over all databases, or every statement.
for _, text in ipairs({ "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
  "ALTER DATABASE postgres SET search_path = x", "CREATE DATABASE mine", "CREATE TABLESPACE s LOCATION '/tmp'",
  "CREATE SUBSCRIPTION s CONNECTION 'host=/tmp' PUBLICATION p", "SET session_replication_role = replica",
  "CREATE LANGUAGE plpython3u", "SELECT pg_reload_conf()", "CHECKPOINT", "VACUUM FULL" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
