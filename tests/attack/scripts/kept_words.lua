-- on: sqlite postgres
-- Words of a step that are kept for another time.
local words = { op, db, x, secret }
coroutine.wrap(function() for _, w in ipairs(words) do pcall(tostring, w) end end)()
local keep = setmetatable({}, { __mode = "k", __gc = function() escaped("__gc of a table") end })
keep = nil
for _ = 1, 100 do local _ = ("x"):rep(10000) end
