-- Many large ones, caught.
local keep = {}
while true do pcall(function() keep[#keep + 1] = ("x"):rep(1000000 + #keep) end) end
