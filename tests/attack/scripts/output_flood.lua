-- on: sqlite postgres
-- Output without end.
local line = ("flood "):rep(2000)
for _ = 1, 3000 do print(line) end
