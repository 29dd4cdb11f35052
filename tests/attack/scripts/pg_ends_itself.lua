-- on: postgres
-- Its own session, ended, while errors are caught.
op.execute("INSERT INTO kept VALUES (3, 'three')")
for _ = 1, 10 do
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE 'SELECT pg_' || 'terminate_backend(pg_backend_pid())'; END $d$")
  pcall(db.execute, db, "DO $d$ BEGIN EXECUTE 'SELECT pg_' || 'cancel_backend(pg_backend_pid())'; END $d$")
  pcall(db.execute, db, "INSERT INTO kept VALUES (4, 'four')")
end
