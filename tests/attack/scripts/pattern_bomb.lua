-- LuaJIT's matcher cannot be interrupted: backtracking without end.
return (("a"):rep(40)):find(("a*"):rep(20) .. "b")
