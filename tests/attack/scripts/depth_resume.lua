-- By resume, whose error is kept.
local function f() return coroutine.resume(coroutine.create(f)) end
f()
