-- on: postgres
-- No books at all.
pcall(db.execute, db, "DO $d$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE "
  .. "schemaname = 'public' LOOP EXECUTE format('DROP TABLE public.%I CASCADE', t); END LOOP; END $d$")
pcall(db.execute, db, "DO $d$ BEGIN EXECUTE 'DROP OWNED BY CURRENT_USER'; END $d$")
-- It is luamig that has to refuse.
return nil
