-- The same, that catches what stops it.
while true do pcall(function() while true do end end) end
