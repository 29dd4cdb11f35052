-- Error objects whose metamethods are asked by whoever reports.
error(setmetatable({}, {
  __tostring = function() escaped("__tostring of an error") while true do end end,
  __concat = function() escaped("__concat of an error") end,
  __index = function() escaped("__index of an error") end,
}))
