-- What a system call hides behind.
for _, name in ipairs({ "execute", "exit", "remove", "rename", "tmpname", "setlocale", "getenv" }) do
  local ok, f = pcall(function() return os[name] end)
  if ok and f then escaped("os." .. name) end
end
for _, name in ipairs({ "io", "ffi", "jit", "package", "newproxy", "dofile", "loadfile", "module" }) do
  local ok, f = pcall(function() return _G[name] end)
  if ok and f then escaped(name) end
end
