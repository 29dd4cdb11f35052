-- By the callback of gsub.
local function f() return ("x"):gsub("x", f) end
pcall(f)
f()
