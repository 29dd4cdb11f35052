-- luajit bytecode.lua DIRECTORY FILE: the compiled file as C++ string literals, one for each 15 kB,
-- since compilers limit the length of one. Debug information stays: messages name lines.
local directory, name = arg[1], arg[2]
local file = assert(io.open(directory .. "/" .. name, "rb"))
local chunk = assert(loadstring(file:read("*a"), "@" .. name))
local code = string.dump(chunk)
for from = 1, #code, 15000 do
  local part = code:sub(from, from + 14999)
  io.write('"', part:gsub(".", function(byte) return ("\\%03o"):format(byte:byte()) end), '"sv,\n')
end
