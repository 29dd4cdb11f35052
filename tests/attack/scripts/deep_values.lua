-- on: sqlite postgres
-- Values that are deep, or that hold themselves, wherever one is read.
local deep = {}
local at = deep
for _ = 1, 20000 do
  at[1] = {}
  at = at[1]
end
local own = {}
own[1], own.own, own[own] = own, own, own
for _, value in ipairs({ deep, own }) do
  db:scalar("SELECT 1")
  pcall(db.execute, db, "INSERT INTO kept VALUES (3, :a)", { a = value })
  pcall(db.execute, db, "INSERT INTO kept VALUES (4, ?)", value)
  pcall(db.execute, db, "SELECT 1", value)
  pcall(db.rows, db, value)
  pcall(db.scalar, db, value, value)
  db:scalar("SELECT 1")
  pcall(op.bulk_insert, "kept", value)
  pcall(op.bulk_insert, value, value)
  pcall(op.bulk_insert, "kept", { { id = 5, a = value } })
  pcall(op.create_table, "x", value)
  pcall(op.add_column, "kept", value)
  pcall(op.execute, value)
  pcall(op.create_index, "x", "kept", value)
  pcall(op.backfill, "kept", value, function() return value end)
  pcall(op.backfill, "kept", { write = { "a" } }, function() return { a = value } end)
  pcall(op.each_batch, "kept", value, print)
  pcall(op.step, "x", function() return value end)
  pcall(op.import_csv, "x.csv", value)
  pcall(op.export_csv, value, "x.csv", value)
  pcall(op.database, value)
  db:scalar("SELECT 1")
  pcall(json.encode, value)
  pcall(log, "%s", value)
  pcall(print, value)
  pcall(sql.column, "x", value)
  pcall(sql.table, "x", value)
  pcall(table.concat, value)
  pcall(tostring, value)
  pcall(error, value)
  pcall(sorted_pairs or pairs, value)
end
db:scalar("SELECT 1")
pcall(json.decode, ("["):rep(100000))
pcall(json.decode, ("{\"a\":"):rep(30000))
pcall(db.execute, db, "SELECT " .. ("("):rep(20000) .. "1" .. (")"):rep(20000))
pcall(db.execute, db, "SELECT 1" .. (" + 1"):rep(20000))
pcall(db.execute, db, ("SELECT * FROM ("):rep(2000) .. "SELECT 1" .. (") AS x"):rep(2000))
