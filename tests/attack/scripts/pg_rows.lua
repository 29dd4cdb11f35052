-- on: postgres
-- One value, and one row, of hundreds of megabytes.
pcall(db.scalar, db, "SELECT repeat('x', 300000000)")
for row in db:rows("SELECT repeat('x', 200000000) AS a, i FROM generate_series(1, 20) i") do
  local _ = row.a
end
