-- on: postgres
-- What the host has made in the session, by its name.
local rows = db:rows("SELECT id FROM kept")
for _, text in ipairs({ "CLOSE ALL", "DEALLOCATE ALL", "DISCARD ALL", "CLOSE luamig_cursor_1",
  "FETCH ALL FROM luamig_cursor_1", "DECLARE luamig_cursor_2 CURSOR FOR SELECT 1",
  "PREPARE luamig_1 AS SELECT 1", "DEALLOCATE luamig_1", "SAVEPOINT luamig_within" }) do
  pcall(db.execute, db, text)
end
pcall(function() for _ in rows do end end)
pcall(db.execute, db, "DO $d$ DECLARE n text; BEGIN FOR n IN SELECT name FROM pg_prepared_statements "
  .. "LOOP EXECUTE format('DEALLOCATE %I', n); END LOOP; FOR n IN SELECT name FROM pg_cursors LOOP "
  .. "EXECUTE format('CLOSE %I', n); END LOOP; END $d$")
pcall(db.execute, db, "INSERT INTO kept VALUES (3, 'three')")
