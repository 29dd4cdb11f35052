-- The modules behind the words hold the host's functions.
for _, name in ipairs({ "luamig.core", "luamig.environment", "luamig.sandbox", "luamig.strict",
  "luamig.perform", "luamig.dialect.sqlite", "ffi", "jit", "jit.util", "table.new", "string.buffer" }) do
  local ok, value = pcall(require, name)
  if ok then escaped("require " .. name .. " gives " .. tostring(value)) end
end
