-- One text of all memory.
local s = ("x"):rep(2 ^ 31)
s = ("y"):rep(1e15)
