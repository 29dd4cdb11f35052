-- on: sqlite postgres
-- Poisoned words of luamig's own.
pcall(function() op.execute = function() escaped("op.execute") end end)
pcall(function() rawset(op, "execute", function() escaped("op.execute") end) end)
pcall(function() setmetatable(db, { __index = function() escaped("db") end }) end)
pcall(function() sql.integer = nil end)
if getmetatable(op) or getmetatable(db) then escaped("a metatable of luamig's") end
db:scalar("SELECT 1")
