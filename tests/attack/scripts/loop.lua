-- on: sqlite postgres
-- A loop that never ends, and that a compiler would make machine code of.
local x = 0
while true do x = x + 1 end
