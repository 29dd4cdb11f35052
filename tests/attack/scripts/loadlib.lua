-- Redis CVE-2022-0543: the loader of C libraries left in a half-removed package table.
local ok, f = pcall(function() return package.loadlib("libc.so.6", "system") end)
if ok and f then escaped("package.loadlib") end
pcall(function() if _G.package then escaped("package") end end)
