-- Widths of a format.
pcall(string.format, "%99999999d", 1)
local s = ("%99s"):rep(20000)
while true do s = s .. s:rep(2) end
