-- Coroutines that hand each other on.
local function spin() while true do coroutine.yield() end end
local co = coroutine.wrap(spin)
while true do co() end
