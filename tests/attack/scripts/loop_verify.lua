-- In a step that is caught.
while true do db:try(function() while true do end end) end
