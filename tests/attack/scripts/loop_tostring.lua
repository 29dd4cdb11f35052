-- In __tostring of what is printed.
print(setmetatable({}, { __tostring = function() while true do end end }))
