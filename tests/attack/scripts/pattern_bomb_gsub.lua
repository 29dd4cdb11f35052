-- The same in gsub, caught.
while true do pcall(string.gsub, ("a"):rep(60), ("a-"):rep(25) .. "b", "x") end
