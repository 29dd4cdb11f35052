-- Redis CVE-2025-46818: metatables of nil, numbers and functions are everybody's.
for _, value in pairs({ 5, true, print, coroutine.create(print) }) do
  local ok = pcall(setmetatable, value, { __index = function() escaped("basic type") end })
  if ok then escaped("setmetatable of a " .. type(value)) end
end
if debug.setmetatable then escaped("debug.setmetatable") end
