-- on: sqlite postgres
-- Rows that are read whole: each is small enough, all of them are not.
for _, text in ipairs({
  "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10000) "
    .. "SELECT zeroblob(1000000) FROM c",
  "SELECT repeat('x', 1000000) FROM generate_series(1, 10000)",
}) do
  if pcall(db.all, db, text) then escaped(text) end
end
