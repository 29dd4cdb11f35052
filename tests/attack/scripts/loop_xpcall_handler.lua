-- The handler of the error that stops it goes on.
xpcall(function() while true do end end, function() while true do end end)
