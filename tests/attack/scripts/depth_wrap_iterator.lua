-- LuaJIT issue 1452: the same by the generic for, which calls the iterator itself.
local function gen(n)
  for i = 1, n do
    coroutine.yield(i)
    for _ in coroutine.wrap(gen), 5 do end
  end
end
pcall(function() for _ in coroutine.wrap(gen), 5 do end end)
