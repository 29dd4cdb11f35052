-- Coroutines that are never resumed.
local t = {}
for i = 1, math.huge do t[i] = coroutine.create(function() return i end) end
