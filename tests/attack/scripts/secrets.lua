-- on: sqlite postgres
-- Secrets and variables that are not named for this project.
local ok, value = pcall(secret, "NOT_THERE")
if ok then escaped("secret " .. tostring(value)) end
ok, value = pcall(function() return x("HOME", nil) end)
if ok and value then escaped("variable") end
