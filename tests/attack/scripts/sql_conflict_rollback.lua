-- The same by a constraint.
pcall(db.execute, db, "CREATE TABLE once (a integer PRIMARY KEY ON CONFLICT ROLLBACK)")
pcall(db.execute, db, "INSERT INTO once VALUES (1), (1)")
pcall(db.execute, db, "CREATE TABLE afterwards (a integer)")
