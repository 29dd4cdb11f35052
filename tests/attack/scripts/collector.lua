-- The collector can be stopped, or made to run for ever.
for _, what in ipairs({ "stop", "collect", "step", "setpause", "setstepmul", "generational" }) do
  local ok = pcall(collectgarbage, what)
  if ok then escaped("collectgarbage " .. what) end
end
