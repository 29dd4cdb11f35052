-- on: postgres
-- Statements without end, also where the script has turned the time limit off.
pcall(db.execute, db, "SET statement_timeout = 0")
pcall(db.execute, db, "DO $d$ BEGIN LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $d$")
pcall(db.execute, db, "SELECT count(*) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b")
db:scalar("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n FROM c) SELECT count(*) FROM c")
