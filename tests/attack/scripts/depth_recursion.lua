-- Plain recursion.
local function f() return 1 + f() end
for _ = 1, 5 do pcall(f) end
f()
