-- LuaJIT issues 349 and 619: nested coroutine.wrap overflows the stack of C.
local function f() coroutine.wrap(f)() end
pcall(f)
f()
