-- By nesting that the parser follows.
pcall(loadstring, ("("):rep(100000))
pcall(loadstring, "return " .. ("{"):rep(100000))
pcall(loadstring, "x = " .. ("-"):rep(200000) .. "1")
pcall(loadstring, ("do "):rep(100000))
pcall(loadstring, "return " .. ("a.."):rep(50000) .. "a")
