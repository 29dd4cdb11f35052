-- Bytecode by the mode argument of load.
local ok, f = pcall(load, "\27LJ", "=x", "b")
if ok and f then escaped("mode b") end
ok, f = pcall(load, "return 1", "=x", "bt", { })
if ok and f and f() ~= 1 then escaped("mode bt") end
