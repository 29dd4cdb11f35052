-- By the reader of load.
local function f() load(f) end
pcall(f)
f()
