-- on: sqlite postgres
-- A table of the same name that is found first.
pcall(db.execute, db, "CREATE TEMP TABLE luamig_version (version_num text)")
pcall(db.execute, db, "CREATE SCHEMA shadow")
pcall(db.execute, db, "CREATE TABLE shadow.luamig_version (version_num text)")
pcall(db.execute, db, "SET search_path = shadow, public")
pcall(db.execute, db, "SELECT set_config('search_path', 'shadow', false)")
