-- on: sqlite postgres
-- JSON that unfolds.
local s = ("["):rep(100000)
pcall(json.decode, s)
pcall(json.decode, ("[" .. ("1,"):rep(500000) .. "1]"))
local t = {}
t[1] = t
pcall(json.encode, t)
