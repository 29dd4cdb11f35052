-- Closures that hold one another.
local f
for i = 1, math.huge do local g = f f = function() return g, i end end
