-- on: postgres
-- The session that holds the migration lock, ended.
pcall(db.execute, db, "DO $d$ DECLARE p int; BEGIN FOR p IN SELECT pid FROM pg_stat_activity WHERE "
  .. "datname = current_database() AND pid <> pg_backend_pid() LOOP "
  .. "EXECUTE format('SELECT pg_' || 'terminate_backend(%s)', p); END LOOP; END $d$")
op.execute("INSERT INTO kept VALUES (3, 'three')")
for _ = 1, 50 do db:scalar("SELECT pg_sleep(0.01)") end
-- It is luamig that has to refuse.
return nil
