-- Redis CVE-2015-4335: bytecode is not checked, and makes pointers of numbers.
local header = "\27LJ\2\0"
for _, text in ipairs({ header, header .. ("\0"):rep(40), "\27Lua\81\0\1\4\8\4\8\0" }) do
  local f = loadstring(text)
  if f then escaped("bytecode") end
  f = load(function() local t = text text = nil return t end)
  if f then escaped("bytecode in pieces") end
end
