-- on: postgres
-- A block that goes on when it is cancelled.
db:execute("DO $d$ BEGIN LOOP BEGIN PERFORM pg_sleep(0.1); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $d$")
