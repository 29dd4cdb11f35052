-- on: postgres
-- An error that promises to pass.
db:execute("DO $d$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $d$")
