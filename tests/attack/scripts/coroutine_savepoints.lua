-- on: sqlite postgres
-- Savepoints of a pcall that is left from within another one, by coroutines.
local function leave(how)
  local held = coroutine.wrap(function()
    return pcall(function()
      db:execute("INSERT INTO kept VALUES (10, 'inner')")
      coroutine.yield()
      if how == "fails" then error("out of order") end
    end)
  end)
  held()
  pcall(function()
    db:execute("INSERT INTO kept VALUES (11, 'outer')")
    held()
    db:execute("INSERT INTO kept VALUES (12, 'after')")
    error("undo this")
  end)
  return db:scalar("SELECT count(*) FROM kept WHERE id > 9")
end
pcall(leave, "fails")
pcall(leave, "ends")
-- Left and never ended.
for _ = 1, 50 do
  coroutine.wrap(function()
    pcall(function()
      db:execute("UPDATE kept SET a = a")
      coroutine.yield()
    end)
  end)()
end
-- A loop over rows that goes on in another coroutine, around a savepoint that is undone.
local rows = coroutine.wrap(function()
  for row in db:rows("SELECT id FROM kept ORDER BY id") do coroutine.yield(row) end
end)
pcall(function()
  rows()
  db:execute("DELETE FROM kept")
  error("undo this")
end)
pcall(rows)
