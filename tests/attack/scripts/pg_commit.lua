-- on: postgres
-- The end of the transaction, from where no parser looks.
for _, text in ipairs({ "DO $$ BEGIN COMMIT; END $$", "DO $$ BEGIN ROLLBACK; END $$",
  "DO $$ BEGIN EXECUTE 'COM' || 'MIT'; END $$", "PREPARE TRANSACTION 'x'", "ROLLBACK PREPARED 'x'",
  "BEGIN; COMMIT", "COMMIT AND CHAIN", "SAVEPOINT luamig_1", "RELEASE SAVEPOINT luamig_1",
  "SELECT 1; COMMIT; SELECT 2", "/* x */ COMMIT", "EXECUTE p; COMMIT" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
pcall(db.execute, db, "CREATE PROCEDURE ends() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$")
if pcall(db.execute, db, "CALL ends()") then escaped("CALL") end
op.execute("INSERT INTO kept VALUES (3, 'three')")
pcall(db.execute, db, "COMMIT")
