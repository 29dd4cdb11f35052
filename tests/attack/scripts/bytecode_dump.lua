-- The other half of it: string.dump makes what can be bent.
if string.dump then escaped("string.dump") end
local ok = pcall(function() return ("").dump(print) end)
if ok then escaped("dump as a method") end
