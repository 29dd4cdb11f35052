-- More arguments than a stack has.
local function grow(...) return grow(1, ...) end
pcall(grow)
local t = {}
for i = 1, 200000 do t[i] = i end
pcall(function() return select("#", unpack(t)) end)
