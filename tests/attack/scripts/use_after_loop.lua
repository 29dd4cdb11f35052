-- on: sqlite postgres
-- Rows that are kept beyond their loop, and their query.
local kept = {}
for row in db:rows("SELECT 1 AS a UNION ALL SELECT 2") do kept[#kept + 1] = row end
for _ = 1, 50 do local _ = ("x"):rep(20000) end
for _, row in ipairs(kept) do pcall(function() return row.a, row.b, #row end) end
local co = coroutine.create(function()
  for row in db:rows("SELECT 1 AS a UNION ALL SELECT 2") do coroutine.yield(row) end
end)
local _, row = coroutine.resume(co)
co = nil
for _ = 1, 50 do local _ = ("x"):rep(20000) end
pcall(function() return row.a end)
