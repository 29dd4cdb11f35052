-- on: postgres
-- The copy protocol, begun where nobody goes on with it.
for _, text in ipairs({ "COPY kept FROM STDIN", "COPY kept TO STDOUT", "COPY (SELECT 1) TO STDOUT",
  "COPY kept FROM STDIN (FORMAT binary)", "SELECT 1; COPY kept FROM STDIN" }) do
  if pcall(db.execute, db, text) then escaped(text) end
  if pcall(db.scalar, db, text) then escaped(text) end
end
pcall(db.execute, db, "INSERT INTO kept VALUES (3, 'three')")
