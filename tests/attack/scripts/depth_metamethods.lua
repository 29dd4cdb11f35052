-- By chains of __index, __call and __concat.
local t = {}
for _ = 1, 100000 do t = setmetatable({}, { __index = t }) end
pcall(function() return t.x end)
local u = setmetatable({}, {})
getmetatable(u).__call = u
pcall(u)
getmetatable(u).__concat = function(a, b) return a .. b end
pcall(function() return u .. u end)
