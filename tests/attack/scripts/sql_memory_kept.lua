-- What the database keeps in memory while a statement runs.
for _, text in ipairs({
  "WITH RECURSIVE c (n, a) AS (SELECT 1, zeroblob(100000000) UNION ALL SELECT n + 1, "
    .. "zeroblob(100000000 + n) FROM c WHERE n < 1000) SELECT count(DISTINCT a) FROM c",
  "WITH RECURSIVE c (a) AS (SELECT 'x' UNION ALL SELECT a || a FROM c) SELECT length(a) FROM c "
    .. "ORDER BY a",
}) do
  if pcall(db.scalar, db, text) then escaped(text) end
end
