-- The same by a trigger.
op.execute("CREATE TABLE once (a integer)")
pcall(db.execute, db, "CREATE TRIGGER r BEFORE INSERT ON once BEGIN SELECT RAISE(ROLLBACK, 'x'); END")
pcall(db.execute, db, "INSERT INTO once VALUES (1)")
pcall(db.execute, db, "CREATE TABLE afterwards (a integer)")
