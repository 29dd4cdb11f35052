-- Nested captures and balances.
pcall(string.find, ("("):rep(200000), "%b()")
pcall(string.find, "x", ("("):rep(40) .. "x")
pcall(string.gsub, ("x"):rep(100), ("(x)"):rep(40), "%1")
return ("x"):rep(300000):find((".-"):rep(200) .. "y")
