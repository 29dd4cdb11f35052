-- SQLite ends a transaction without a statement that says so.
op.execute("CREATE TABLE once (a integer PRIMARY KEY)")
op.execute("INSERT INTO once VALUES (1)")
pcall(db.execute, db, "INSERT OR ROLLBACK INTO once VALUES (1)")
pcall(db.execute, db, "CREATE TABLE afterwards (a integer)")
