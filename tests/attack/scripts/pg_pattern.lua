-- on: postgres
-- Patterns and stacks of the server's.
pcall(db.scalar, db, "SELECT repeat('a', 100000) ~ '^(((a*)*)*)*\\1b$'")
pcall(db.execute, db, "CREATE FUNCTION f(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN f(i + 1); END $$")
pcall(db.scalar, db, "SELECT f(1)")
pcall(db.scalar, db, "SELECT " .. ("("):rep(20000) .. "1" .. (")"):rep(20000))
db:scalar("SELECT regexp_replace(repeat('ab', 1000000), '(a|b|ab)*?c', 'x')")
