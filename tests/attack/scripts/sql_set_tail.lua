-- on: postgres
-- What is set is an expression, and no way to the rest of the statement.
db:execute("CREATE TABLE t (id integer PRIMARY KEY, a text)")
db:execute("INSERT INTO t VALUES (1, 'a')")
for _, tail in ipairs({
  "'zz' WHERE false RETURNING ARRAY['x']::text[], ARRAY['y']::text[], NULL::bytea), evil AS (DELETE FROM luamig_undo RETURNING 1), zz AS (UPDATE kept SET a = a",
  "'x') RETURNING 1), e AS (DELETE FROM luamig_undo", "1), x AS (SELECT 1" }) do
  if pcall(op.backfill, "t", { set = { a = sql.raw(tail) }, undo = true }) then escaped(tail) end
  if pcall(op.backfill, "t", { read = { b = tail }, write = { "a" } }, function() return { a = "x" } end) then escaped(tail) end
end
