-- Paths that lead out of lib/.
for _, name in ipairs({ "../luamig", "..luamig", "/etc/passwd", "lib/../../secret", "a/../../secret",
  "....secret", "secret\0", "outside", "\\etc", "~", "lib.link", "." }) do
  local ok, value = pcall(require, name)
  if ok then escaped("require " .. name .. " gives " .. tostring(value)) end
end
