-- In metamethods.
local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end })
pcall(function() return t[1] end)
local u = setmetatable({}, { __lt = function() while true do end end })
return u < u
