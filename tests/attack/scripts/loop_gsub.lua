-- In the function that replaces.
while true do ("aaaa"):gsub("a", function() while true do end end) end
