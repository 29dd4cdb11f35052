-- By words of luamig's that call functions.
local function f() return db:try(f) end
f()
local function g() return db:transaction(g) end
g()
