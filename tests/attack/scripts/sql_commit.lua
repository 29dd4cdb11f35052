-- on: sqlite postgres
-- The transaction is not the script's to end.
for _, text in ipairs({ "COMMIT", "END", "ROLLBACK", "BEGIN", "SAVEPOINT x", "RELEASE luamig_1",
  "/* */ COMMIT", "COMMIT;", "SELECT 1; COMMIT", "ROLLBACK TO luamig_1", "COMMIT AND CHAIN",
  "PREPARE TRANSACTION 'x'", "ABORT" }) do
  if pcall(db.execute, db, text) then escaped(text) end
end
op.execute("CREATE TABLE committed (a integer)")
pcall(db.execute, db, "COMMIT")
