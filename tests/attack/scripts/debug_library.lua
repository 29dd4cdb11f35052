-- Games: one function of debug is enough for the registry.
for _, name in ipairs({ "getregistry", "getupvalue", "setupvalue", "sethook", "getinfo", "setlocal",
  "getlocal", "upvaluejoin", "upvalueid", "setuservalue", "getmetatable" }) do
  if rawget(debug, name) then escaped("debug." .. name) end
end
