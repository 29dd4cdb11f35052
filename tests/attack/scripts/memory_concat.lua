-- A join of a list of itself; LuaJIT issue 349.
local t = {}
for i = 1, 4096 do t[i] = ("x"):rep(4096) end
while true do t[#t + 1] = table.concat(t) end
