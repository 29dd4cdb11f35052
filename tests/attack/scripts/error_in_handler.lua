-- Errors in the handler of errors, again and again.
local function handler() error(setmetatable({}, { __tostring = error })) end
for _ = 1, 50 do xpcall(error, handler, {}) end
xpcall(function() xpcall(error, handler) end, handler)
