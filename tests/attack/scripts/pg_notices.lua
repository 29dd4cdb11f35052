-- on: postgres
-- Words without end.
pcall(db.execute, db, "SET client_min_messages = debug5")
db:execute("DO $d$ BEGIN LOOP RAISE NOTICE '%', repeat(E'\\033[2J\\a ESCA' || 'PED: x', 100000); END LOOP; END $d$")
