-- luajit catalog_queries.lua STDLIB sqlite|postgresql
-- Prints the queries by which a schema is read, each ended by a semicolon.
local stdlib, engine = arg[1], arg[2]
package.path = stdlib .. "/?.lua"

local empty = {
  next = function() end,
  close = function() end,
}
package.loaded["luamig.core"] = {
  quote = function(text)
    return "'" .. text .. "'"
  end,
  look = function(text)
    print(text .. ";")
    return empty
  end,
}

local reader = require("luamig.dialect." .. engine .. ".shape")
reader.read({ "public" }, { public = false }, function()
  return false
end)
