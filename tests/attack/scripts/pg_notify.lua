-- on: postgres
-- Notifications, to itself.
pcall(db.execute, db, "LISTEN x")
for i = 1, 2000 do pcall(db.execute, db, "LISTEN x" .. i) end
pcall(db.execute, db, "DO $d$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_notify('x', i || repeat('y', 7000)); END LOOP; END $d$")
pcall(db.execute, db, "UNLISTEN *")
