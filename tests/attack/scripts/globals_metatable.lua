-- Redis issue 2854: the guard of the globals is a metatable that a script can take away.
local ok = pcall(setmetatable, _G, nil)
if ok then
  if rawget(_G, "io") or rawget(_G, "debug") and debug.getregistry then escaped("globals") end
end
if getmetatable(_G) then escaped("the metatable of the globals") end
