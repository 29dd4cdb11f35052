-- A replacement that explodes.
local s = ("a"):rep(100000)
while true do s = s:gsub("a", ("b"):rep(100000)) end
