-- Redis CVE-2025-46818: the metatable of texts is shared by everything that runs later.
local mt = getmetatable("")
if mt then escaped("the metatable of texts") end
pcall(function() ("").__index.format = function() escaped("poisoned format") end end)
pcall(function() string.format = nil end)
if ("%d"):format(5) ~= "5" then escaped("methods of texts") end
