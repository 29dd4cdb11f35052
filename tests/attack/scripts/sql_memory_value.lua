-- on: sqlite postgres
-- Values that the database makes, larger than the machine.
for _, text in ipairs({
  "SELECT length(hex(zeroblob(900000000)))",
  "SELECT length(group_concat(hex(zeroblob(1000000)))) FROM (WITH RECURSIVE c (n) AS (SELECT 1 "
    .. "UNION ALL SELECT n + 1 FROM c WHERE n < 2000) SELECT n FROM c)",
  "SELECT length(repeat('x', 1000000000) || repeat('x', 1000000000))",
}) do
  if pcall(db.scalar, db, text) then escaped(text) end
end
